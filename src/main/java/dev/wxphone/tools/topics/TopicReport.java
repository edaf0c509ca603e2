package dev.wxphone.tools.topics;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.operator.LineWrap;
import dev.wxphone.topics.TopicChange;
import dev.wxphone.topics.TopicChange.AddPartitions;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicChange.Refused;
import dev.wxphone.topics.TopicPlan;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Formats a plan as text and as JSON. */
public final class TopicReport {
  private TopicReport() {}

  /**
   * Returns the lines of each change.
   *
   * @param width to which longer lines are broken
   */
  public static List<String> text(TopicPlan plan, LineWrap width) {
    if (plan.isEmpty()) {
      return List.of("nothing to change");
    }
    var longest =
        plan.changes().stream().mapToInt(change -> change.topic().length()).max().orElse(1);
    var format = "%-8s %-" + longest + "s  ";
    return plan.changes().stream()
        .flatMap(
            change -> {
              var heading = String.format(Locale.ROOT, format, action(change), change.topic());
              return width.lines(heading, what(change)).stream();
            })
        .toList();
  }

  /** Returns a JSON object on one line for each change. */
  public static List<String> json(TopicPlan plan) {
    return plan.changes().stream().map(change -> object(change).toString()).toList();
  }

  private static String action(TopicChange change) {
    if (change instanceof Create) {
      return "create";
    }
    return change instanceof Refused ? "refused" : "change";
  }

  private static String what(TopicChange change) {
    if (change instanceof Create create) {
      var config =
          create.config().entrySet().stream()
              .map(entry -> ", " + entry.getKey() + "=" + entry.getValue())
              .collect(Collectors.joining());
      var replicas =
          create.replicas().isPresent() ? ", " + create.replicas().getAsInt() + " replicas" : "";
      return create.partitions() + " partitions" + replicas + config;
    }
    if (change instanceof AlterConfig alter) {
      return "%s %s → %s".formatted(alter.key(), alter.from(), alter.to());
    }
    if (change instanceof AddPartitions add) {
      return "partitions %d → %d".formatted(add.from(), add.to());
    }
    return ((Refused) change).sentence();
  }

  private static ObjectNode object(TopicChange change) {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("action", action(change)).put("topic", change.topic());
    if (change instanceof Create create) {
      object.put("partitions", create.partitions());
      create.replicas().ifPresent(replicas -> object.put("replicas", replicas));
      var config = object.putObject("config");
      create.config().forEach(config::put);
    } else if (change instanceof AlterConfig alter) {
      object.put("key", alter.key()).put("from", alter.from()).put("to", alter.to());
    } else if (change instanceof AddPartitions add) {
      object.put("key", "partitions").put("from", add.from()).put("to", add.to());
    } else if (change instanceof Refused refused) {
      object.put("why", refused.sentence());
    }
    return object;
  }
}
