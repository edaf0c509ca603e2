package dev.wxphone.settings;

import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.SafeText;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Translates environment variables into settings, by the rule of Kafka's official image: {@code
 * WXPHONE_…} are ours and {@code KAFKA_…} are Kafka's, with {@code .} as {@code _}, {@code _} as
 * {@code __} and {@code -} as {@code ___}; a suffix {@code _FILE} reads the value from a file.
 */
final class Environment {
  /** Reads the file that a {@code _FILE} variable names. */
  @FunctionalInterface
  interface SecretFiles {
    String read(String name) throws IOException;
  }

  private static final String OURS = "WXPHONE_";
  private static final String KAFKAS = "KAFKA_";
  private static final String FILE = "_FILE";

  // The variables that Kubernetes sets in each container for the services of its namespace (such as
  // one named "kafka" or "wxphone-http"), after the model of Docker's links:
  // https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
  private static final Pattern OF_A_SERVICE =
      Pattern.compile(
          ".+_SERVICE_HOST|.+_SERVICE_PORT(_.+)?"
              + "|.+_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?");
  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://");

  // Variables that Kafka's scripts and image read, and no client: bin/kafka-run-class.sh, and the
  // list that the image keeps out of server.properties (KafkaDockerWrapper).
  private static final Pattern OPTIONS_OF_THE_SCRIPTS = Pattern.compile("KAFKA_(.+_)?OPTS?");
  private static final Set<String> OF_THE_SCRIPTS =
      Set.of(
          "KAFKA_DEBUG",
          "KAFKA_HOME",
          "KAFKA_JMX_HOSTNAME",
          "KAFKA_JMX_PORT",
          "KAFKA_LOG4J_LOGGERS",
          "KAFKA_LOG4J_ROOT_LOGLEVEL",
          "KAFKA_MODE",
          "KAFKA_TOOLS_LOG4J_LOGLEVEL",
          "KAFKA_VERSION");

  // Kafka's keys that end in ".file" and hold a file's name, with or without a client prefix.
  private static final Pattern KAFKA_KEY_OF_A_FILE =
      Pattern.compile(
          "(.+\\.)?sasl\\.oauthbearer\\.assertion(\\.private\\.key|\\.template)?\\.file");

  private Environment() {}

  /**
   * Returns Kafka's settings and those of ours that are known, by key.
   *
   * @param warnings takes a line for each unknown setting of ours
   * @throws OperatorException (usage) if two variables set the same key, or a file cannot be read
   */
  static Map<String, RawValue> read(
      Map<String, String> environment, SecretFiles secretFiles, Consumer<String> warnings) {
    Map<String, RawValue> given = new TreeMap<>();
    Map<String, String> variables = new TreeMap<>();
    // Sorted, so that the same environment always gives the same error first.
    for (Map.Entry<String, String> entry : new TreeMap<>(environment).entrySet()) {
      String variable = entry.getKey();
      String value = entry.getValue();
      if (!isSetting(variable) || isInjected(variable, value)) {
        continue;
      }
      boolean inFile = namesFile(variable);
      String key = key(inFile ? withoutFile(variable) : variable);
      String shown = SafeText.shortened(variable);
      String origin = "environment variable " + shown;
      if (Setting.isSealing(key)) {
        throw SettingsLoader.sealingRefused(key, origin);
      }
      if (Setting.isOurs(key) && !Setting.isKnown(key)) {
        warnings.accept(
            "%s is ignored: there is no such setting; did you mean %s?"
                .formatted(origin, variable(Setting.nearestTo(key))));
        continue;
      }
      String other = variables.put(key, shown);
      if (other != null) {
        throw OperatorException.usage(
            "environment variables %s and %s both set %s; keep one of them"
                .formatted(other, shown, SafeText.shortened(key)));
      }
      String text = inFile ? content(origin, value, secretFiles) : value;
      given.put(key, new RawValue(text, origin, !inFile));
    }
    return given;
  }

  private static boolean isSetting(String variable) {
    return variable.startsWith(OURS)
        || (variable.startsWith(KAFKAS) && variable.length() > KAFKAS.length());
  }

  private static boolean isInjected(String variable, String value) {
    return OF_A_SERVICE.matcher(variable).matches()
        || (variable.endsWith("_PORT") && SERVICE_URL.matcher(value).lookingAt())
        || OPTIONS_OF_THE_SCRIPTS.matcher(variable).matches()
        || OF_THE_SCRIPTS.contains(variable);
  }

  private static boolean namesFile(String variable) {
    return variable.endsWith(FILE)
        && isSetting(withoutFile(variable))
        && !KAFKA_KEY_OF_A_FILE.matcher(key(variable)).matches();
  }

  private static String withoutFile(String variable) {
    return variable.substring(0, variable.length() - FILE.length());
  }

  private static String key(String variable) {
    String name = variable.startsWith(KAFKAS) ? variable.substring(KAFKAS.length()) : variable;
    return name.replace("___", "-")
        .replace("__", "\0")
        .replace('_', '.')
        .replace('\0', '_')
        .toLowerCase(Locale.ROOT);
  }

  /** Returns the name of the variable of a setting, without the prefix. */
  static String variable(String key) {
    return key.replace("_", "__").replace(".", "_").replace("-", "___").toUpperCase(Locale.ROOT);
  }

  // The error has neither the file's name nor the reason: the variable may hold the secret itself.
  private static String content(String origin, String name, SecretFiles secretFiles) {
    try {
      return secretFiles.read(name).replaceFirst("[\\r\\n]+\\z", "");
    } catch (IOException e) {
      throw OperatorException.usage(
          "%s must name a file, and that file can't be read as text; does it exist, and may this user read it?"
              .formatted(origin));
    }
  }
}
