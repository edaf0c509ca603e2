package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program and Kafka's client understand the settings of the manifests. */
class ConfigTest {
  /** What Strimzi's user operator writes into the Secret of a user with SCRAM. */
  private static final String JAAS =
      "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"wxphone\""
          + " password=\"s3cret\";";

  @TempDir private Path secrets;

  @Test
  void the_base_is_understood() {
    assertThat(PropertiesFiles.BASE.settings(Map.of(), Map.of()).bootstrapServers())
        .contains("kafka:9092");
  }

  /** Its client reads the certificates and the login as soon as it is made. */
  @Test
  void the_overlay_logs_in_with_the_secrets_that_strimzi_makes() throws Exception {
    Path authority = secrets.resolve("ca.crt");
    Files.writeString(authority, pem(anyAuthority()));
    Path login = secrets.resolve("sasl.jaas.config");
    Files.writeString(login, JAAS);
    JsonNode variable =
        Manifests.read(Manifests.STRIMZI.resolve("statefulset.yaml"))
            .at("/spec/template/spec/containers/0/env/0");
    assertThat(variable.path("value").asText()).isEqualTo("/etc/kafka/user/sasl.jaas.config");
    assertThat(PropertiesFiles.STRIMZI.values().get("ssl.truststore.location"))
        .isEqualTo("/etc/kafka/ca/ca.crt");
    Settings settings =
        PropertiesFiles.STRIMZI.settings(
            Map.of(variable.path("name").asText(), login.toString()),
            // Where nothing listens, since only the client is of interest.
            Map.of(
                "ssl.truststore.location",
                authority.toString(),
                "bootstrap.servers",
                "127.0.0.1:1"));
    assertThat(settings.kafka()).containsEntry("sasl.jaas.config", JAAS);
    try (Admin admin = Admin.create(new KafkaProperties(settings).ofAdmin())) {
      assertThat(admin).isNotNull();
    }
    Files.writeString(authority, "no certificate");
    Map<String, Object> unreadable = new KafkaProperties(settings).ofAdmin();
    assertThatThrownBy(() -> Admin.create(unreadable)).isInstanceOf(KafkaException.class);
  }

  private static Certificate anyAuthority() throws GeneralSecurityException, IOException {
    KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
    Path file = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    try (InputStream stream = Files.newInputStream(file)) {
      authorities.load(stream, null);
    }
    return authorities.getCertificate(authorities.aliases().nextElement());
  }

  private static String pem(Certificate certificate) throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
