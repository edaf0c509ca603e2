package dev.wxphone.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPrincipalTest {
  private static final String SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "required username=\"alice\" password=\"secret\"; | alice",
        "required password=\"secret\" username=\"alice\"; | alice",
        "required username='alice' password='secret'; | alice",
        "required username=alice password=secret; | alice",
        "required username = \"$ConnectionString\" password=\"secret\"; | $ConnectionString",
      })
  void the_user_name_of_sasl_is_the_principal(String jaas, String name) {
    Map<String, String> kafka =
        Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", SCRAM + " " + jaas);
    assertThat(ClientPrincipal.of(kafka)).contains("User:" + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PLAINTEXT", "", "SASL_PLAINTEXT", "SSL"})
  void what_the_settings_do_not_tell_is_left_out(String protocol) {
    Map<String, String> kafka = new HashMap<>(Map.of("security.protocol", protocol));
    assertThat(ClientPrincipal.of(kafka)).isEmpty();
    kafka.put("ssl.keystore.location", "/not/there");
    kafka.put("ssl.keystore.password", "secret");
    kafka.put("sasl.jaas.config", "com.example.Login required token=\"secret\";");
    assertThat(ClientPrincipal.of(kafka)).isEmpty();
  }

  @Test
  void the_subject_of_its_certificate_is_the_principal(@TempDir Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-alias",
                    "own",
                    "-dname",
                    "CN=wxphone,O=Example",
                    "-storepass",
                    "secret1",
                    "-keystore",
                    store.toString()))
            .start();
    assertThat(keytool.waitFor()).isZero();
    Map<String, String> kafka =
        Map.of(
            "security.protocol",
            "ssl",
            "ssl.keystore.location",
            store.toString(),
            "ssl.keystore.password",
            "secret1");
    assertThat(ClientPrincipal.of(kafka)).contains("User:CN=wxphone,O=Example");
    Map<String, String> wrong = new HashMap<>(kafka);
    wrong.put("ssl.keystore.password", "secret2");
    assertThat(ClientPrincipal.of(wrong)).isEmpty();
  }
}
