package dev.wxphone;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.wxphone.core.domain.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The alert rules, the dashboard and the page name metrics and labels that exist (operate.md lists
 * them, and another test holds it to the program), and each alert has its section and its test.
 */
final class MonitoringFilesTest {
  private static final Path RULES = Path.of("src/main/monitoring/alerts.yml");
  private static final Path DASHBOARD = Path.of("src/main/monitoring/dashboard.json");
  private static final Path PAGE =
      Path.of("src/main/resources/dev/wxphone/stream/runtime/status.html");
  private static final Path RULES_TEST = Path.of("src/test/monitoring/alerts-test.yml");
  private static final Path OPERATE = Path.of("src/site/markdown/operate.md");

  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern NAMED =
      Pattern.compile("\\b((?:wxphone|jvm|process)_[a-z_]*[a-z])\\b(?:\\{([^}]*)})?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Pattern GROUPED = Pattern.compile("\\bby \\(([a-z_, ]+)\\)");

  /** What Prometheus itself, and a histogram, add to each series. */
  private static final Set<String> ALWAYS = Set.of("job", "instance", "le");

  /** What each label of each metric can be; empty if it can be anything. */
  private final Map<String, Map<String, Set<String>>> metrics = listed();

  private static Map<String, Map<String, Set<String>>> listed() {
    Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();
    try {
      List<String> lines = Files.readAllLines(OPERATE);
      lines.subList(lines.indexOf("## Metrics"), lines.size()).stream()
          .dropWhile(line -> !line.startsWith("| metric |"))
          .skip(2)
          .takeWhile(line -> line.startsWith("|"))
          .map(line -> line.split("\\|", -1))
          .forEach(cells -> metrics.put(quoted(cells[1]).get(0), labels(quoted(cells[3]))));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return metrics;
  }

  private static List<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map(match -> match.group(1)).toList();
  }

  /** The label, and then its values. */
  private static Map<String, Set<String>> labels(List<String> listed) {
    if (listed.isEmpty()) {
      return Map.of();
    }
    Set<String> values = new TreeSet<>(listed.subList(1, listed.size()));
    if (listed.get(0).equals("reason")) {
      Arrays.stream(Reason.values()).map(Reason::name).forEach(values::add);
    }
    return Map.of(listed.get(0), values);
  }

  private static JsonNode yaml(Path file) throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
  }

  private static List<JsonNode> alerts() throws IOException {
    List<JsonNode> alerts = new ArrayList<>();
    for (JsonNode rule : yaml(RULES).findParents("expr")) {
      if (rule.has("alert")) {
        alerts.add(rule);
      }
    }
    return alerts;
  }

  private static List<String> expressions() throws IOException {
    List<String> all = new ArrayList<>(yaml(RULES).findValuesAsText("expr"));
    all.addAll(new ObjectMapper().readTree(DASHBOARD.toFile()).findValuesAsText("expr"));
    return all;
  }

  @Test
  void the_table_of_metrics_is_read() {
    assertThat(metrics).hasSizeGreaterThan(25);
    assertThat(metrics).containsEntry("wxphone_profiles_total", Map.of());
    assertThat(metrics.get("wxphone_session_keys_total"))
        .isEqualTo(Map.of("event", Set.of("login", "logout", "forgotten")));
  }

  @Test
  void every_metric_and_label_of_the_rules_and_the_dashboard_exists() throws IOException {
    Set<String> labels = new TreeSet<>(ALWAYS);
    // Of alerts.
    labels.addAll(List.of("alertname", "alertstate"));
    metrics.values().forEach(some -> labels.addAll(some.keySet()));
    assertThat(expressions()).hasSizeGreaterThan(40);
    for (String expression : expressions()) {
      for (MatchResult named : NAMED.matcher(expression).results().toList()) {
        String metric = withoutSuffix(named.group(1));
        assertThat(metrics).as(expression).containsKey(metric);
        if (named.group(2) != null) {
          assertLabelsExist(expression, metric, named.group(2));
        }
      }
      assertThat(
              GROUPED
                  .matcher(expression)
                  .results()
                  .flatMap(match -> List.of(match.group(1).split(", *", -1)).stream()))
          .as(expression)
          .allSatisfy(label -> assertThat(labels).contains(label));
    }
  }

  private void assertLabelsExist(String expression, String metric, String matchers) {
    Map<String, Set<String>> own = metrics.getOrDefault(metric, Map.of());
    for (MatchResult matcher : LABEL.matcher(matchers).results().toList()) {
      if (!ALWAYS.contains(matcher.group(1))) {
        assertThat(own).as(expression).containsKey(matcher.group(1));
        Set<String> values = own.getOrDefault(matcher.group(1), Set.of());
        if (!values.isEmpty()) {
          assertThat(values).as(expression).contains(matcher.group(2).split("\\|", -1));
        }
      }
    }
  }

  @Test
  void every_metric_of_the_page_exists() throws IOException {
    List<String> named =
        NAMED.matcher(Files.readString(PAGE)).results().map(match -> match.group(1)).toList();
    assertThat(named)
        .hasSizeGreaterThan(20)
        .allSatisfy(metric -> assertThat(metrics).containsKey(withoutSuffix(metric)));
  }

  private String withoutSuffix(String metric) {
    return metrics.containsKey(metric) ? metric : metric.replaceFirst("_(bucket|sum|count)$", "");
  }

  @Test
  void each_alert_says_what_to_do_and_has_its_section_and_its_test() throws IOException {
    String tests = Files.readString(RULES_TEST);
    for (JsonNode alert : alerts()) {
      String name = alert.path("alert").asText();
      JsonNode annotations = alert.path("annotations");
      assertThat(name).startsWith("Wxphone");
      assertThat(alert.path("labels").path("severity").asText()).isIn("critical", "warning");
      assertThat(annotations.path("summary").asText()).as(name).isNotEmpty();
      assertThat(annotations.path("description").asText()).as(name).hasSizeGreaterThan(100);
      String[] link = annotations.path("runbook_url").asText().split("#", 2);
      assertThat(link[1]).isEqualTo(name.toLowerCase(Locale.ROOT));
      assertThat(Files.readAllLines(Path.of(link[0]))).as(link[0]).contains("## " + name);
      assertThat(tests).contains("alertname=\"" + name + "\"");
    }
  }

  @Test
  void no_section_is_of_an_alert_that_is_gone() throws IOException {
    List<String> names = alerts().stream().map(alert -> alert.path("alert").asText()).toList();
    assertThat(Files.readAllLines(Path.of("src/site/markdown/alerts.md")))
        .filteredOn(line -> line.startsWith("## Wxphone"))
        .containsExactlyElementsOf(names.stream().map(name -> "## " + name).toList());
  }
}
