package dev.wxphone.stream.metrics;

import dev.wxphone.core.domain.TopicNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** A page of metrics as a scraper sees it. */
public final class MetricsPage {
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z_]+?)(_bucket|_count|_sum)?(?:\\{([^}]*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

  /**
   * A metric of the page.
   *
   * @param labels the values of each label, of a histogram without those of its buckets
   */
  public record Family(String type, String help, Map<String, TreeSet<String>> labels) {}

  private final Map<String, Family> families = new TreeMap<>();
  private final Map<String, Double> samples = new HashMap<>();

  public MetricsPage(String text) {
    Map<String, String> helps = new HashMap<>();
    Map<String, String> types = new HashMap<>();
    List<String> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP ")) {
        helps.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE ")) {
        types.put(words[2], words[3]);
        families.put(
            words[2], new Family(words[3], helps.getOrDefault(words[2], ""), new TreeMap<>()));
      } else if (!line.isEmpty()) {
        lines.add(line);
      }
    }
    lines.forEach(line -> sample(line, types));
  }

  private void sample(String line, Map<String, String> types) {
    Matcher parts = SAMPLE.matcher(line);
    if (!parts.matches()) {
      throw new AssertionError("no sample: " + line);
    }
    String name = parts.group(1);
    if (!types.containsKey(name)) {
      name += parts.group(2);
    }
    Family family = families.get(name);
    if (family == null) {
      throw new AssertionError("no TYPE before " + line);
    }
    String labels = parts.group(3) == null ? "" : parts.group(3);
    LABEL
        .matcher(labels)
        .results()
        .filter(label -> !label.group(1).equals("le"))
        .forEach(
            label ->
                family
                    .labels()
                    .computeIfAbsent(label.group(1), unseen -> new TreeSet<>())
                    .add(label.group(2)));
    samples.put(line.substring(0, line.lastIndexOf(' ')), Double.parseDouble(parts.group(4)));
  }

  /** Returns what a stream serves that has counted nothing. */
  public static MetricsPage ofNewStream() {
    return new MetricsPage(metrics(new AnswerCounts(), () -> readings(Map.of())).text());
  }

  static PrometheusMetrics metrics(AnswerCounts counts, Supplier<StreamReadings> source) {
    return new PrometheusMetrics(
        counts,
        new TopicNames("my.clicks", "session-key", "profiles", "letters", "audit"),
        List.of("users", "waiting"),
        "1.2.3",
        source);
  }

  static StreamReadings readings(Map<MetricName, ? extends Metric> kafka) {
    Map<String, Integer> threads =
        StreamReadings.THREAD_STATES.stream()
            .collect(Collectors.toMap(state -> state, state -> state.equals("RUNNING") ? 2 : 0));
    return new StreamReadings(true, threads, 12.5, 77, KafkaReadings.of(kafka));
  }

  /** Returns the metrics by their names. */
  public Map<String, Family> families() {
    return families;
  }

  /** Returns the value of a series, named with its labels. */
  double value(String series) {
    Double value = samples.get(series);
    if (value == null) {
      throw new AssertionError("no " + series + " among " + samples.keySet());
    }
    return value;
  }
}
