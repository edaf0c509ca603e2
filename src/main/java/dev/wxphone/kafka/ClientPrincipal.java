package dev.wxphone.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/**
 * The principal as which a cluster knows our clients, as far as the settings tell: a broker may map
 * it to another one.
 */
public final class ClientPrincipal {
  private static final Pattern USER_NAME =
      Pattern.compile("(?<!\\w)username\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^\\s;\"']+))");

  private ClientPrincipal() {}

  /**
   * Returns the principal; empty if the settings do not tell.
   *
   * @param kafka Kafka's settings; of passwords in them nothing is shown
   */
  public static Optional<String> of(Map<String, String> kafka) {
    String protocol =
        kafka
            .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, "")
            .strip()
            .toUpperCase(Locale.ROOT);
    return (protocol.startsWith("SASL_")
            ? userName(kafka)
            : protocol.equals("SSL") ? subject(kafka) : Optional.<String>empty())
        .map(name -> "User:" + name);
  }

  private static Optional<String> userName(Map<String, String> kafka) {
    Matcher found = USER_NAME.matcher(kafka.getOrDefault(SaslConfigs.SASL_JAAS_CONFIG, ""));
    if (!found.find()) {
      return Optional.empty();
    }
    return Optional.ofNullable(found.group(1))
        .or(() -> Optional.ofNullable(found.group(2)))
        .or(() -> Optional.ofNullable(found.group(3)));
  }

  private static Optional<String> subject(Map<String, String> kafka) {
    try {
      Certificate own = ownCertificate(kafka);
      return own instanceof X509Certificate certificate
          ? Optional.of(certificate.getSubjectX500Principal().getName())
          : Optional.empty();
    } catch (GeneralSecurityException | IOException e) {
      // Kafka's client says what is wrong with it.
      return Optional.empty();
    }
  }

  private static @Nullable Certificate ownCertificate(Map<String, String> kafka)
      throws GeneralSecurityException, IOException {
    String chain = kafka.get(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG);
    if (chain != null) {
      return CertificateFactory.getInstance("X.509")
          .generateCertificate(new ByteArrayInputStream(chain.strip().getBytes(UTF_8)));
    }
    String location = kafka.get(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG);
    String password = kafka.get(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG);
    if (location == null || password == null || !new File(location).isFile()) {
      return null;
    }
    KeyStore store = KeyStore.getInstance(new File(location), password.toCharArray());
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        return store.getCertificate(alias);
      }
    }
    return null;
  }
}
