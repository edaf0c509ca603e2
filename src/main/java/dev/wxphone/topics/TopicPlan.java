package dev.wxphone.topics;

import dev.wxphone.topics.TopicChange.AddPartitions;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicChange.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has to change so that the cluster's topics are as wanted; empty when they are. Replication
 * factors, and settings that no file names, are the cluster's own affair and never differ.
 */
public record TopicPlan(List<TopicChange> changes) {
  private static final String PAYLOADS = "phone-payload";
  private static final String KEYS = "session-key";
  private static final Set<String> FIXED = Set.of(PAYLOADS, KEYS, "user-profile");

  public TopicPlan {
    changes = List.copyOf(changes);
  }

  /**
   * Compares.
   *
   * @param actual by real topic name; a topic that is not in it is missing
   */
  public static TopicPlan of(List<DesiredTopic> desired, Map<String, ActualTopic> actual) {
    return new Comparison(desired, actual).plan();
  }

  /** Nothing differs. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** What stands in the way: if there is any, none of the changes may be made. */
  public List<Refused> refusals() {
    return changes.stream().filter(Refused.class::isInstance).map(Refused.class::cast).toList();
  }

  private static final class Comparison {
    private final List<DesiredTopic> desired;
    private final Map<String, ActualTopic> actual;
    private final Map<String, DesiredTopic> byRole = new HashMap<>();
    private final List<TopicChange> changes = new ArrayList<>();

    Comparison(List<DesiredTopic> desired, Map<String, ActualTopic> actual) {
      this.desired = desired;
      this.actual = actual;
      desired.forEach(topic -> byRole.put(topic.role(), topic));
    }

    TopicPlan plan() {
      for (var topic : desired) {
        var existing = actual.get(topic.name());
        if (existing == null) {
          create(topic);
        } else {
          compare(topic, existing);
        }
      }
      return new TopicPlan(changes);
    }

    private void create(DesiredTopic topic) {
      var partner = partner(topic);
      if (partner != null && count(partner) != topic.partitions()) {
        refuse(
            topic,
            ("%s would be created with %d partitions, but %s has %d: the join looks for a session"
                    + " key in the payload's own partition, so both need the same number; %s")
                .formatted(
                    topic.name(),
                    topic.partitions(),
                    partner.name(),
                    count(partner),
                    giveOrEdit(count(partner), "its file")));
        return;
      }
      changes.add(new Create(topic.name(), topic.partitions(), topic.replicas(), topic.config()));
    }

    private void compare(DesiredTopic topic, ActualTopic existing) {
      if (FIXED.contains(topic.role())) {
        refuseAnotherCount(topic, existing);
      } else if (!topic.keepsCount() && existing.partitions() < topic.partitions()) {
        changes.add(new AddPartitions(topic.name(), existing.partitions(), topic.partitions()));
      }
      topic
          .config()
          .forEach(
              (key, to) -> {
                var from = existing.config().getOrDefault(key, "unset");
                if (!from.equals(to)) {
                  changes.add(new AlterConfig(topic.name(), key, from, to));
                }
              });
    }

    private void refuseAnotherCount(DesiredTopic topic, ActualTopic existing) {
      var partner = partner(topic);
      var existingPartner = partner == null ? null : actual.get(partner.name());
      if (partner != null
          && existingPartner != null
          && existingPartner.partitions() != existing.partitions()) {
        // Said once for the two, at the session keys, which are the easier ones to publish again.
        if (topic.role().equals(KEYS)) {
          refuse(
              topic,
              ("%s has %d partitions, but %s has %d: the join looks for a session key in the"
                      + " payload's own partition, so both need the same number, and neither can be"
                      + " changed in place; before the first wxphone run, make one of them anew with"
                      + " the other's number; later, move to topics of new names and another"
                      + " application.id (README.md, Topics)")
                  .formatted(
                      topic.name(),
                      existing.partitions(),
                      partner.name(),
                      existingPartner.partitions()));
        }
      } else if (existing.partitions() != topic.partitions() && !topic.keepsCount()) {
        refuseFixedCount(topic, existing);
      }
    }

    private void refuseFixedCount(DesiredTopic topic, ActualTopic existing) {
      var twin = twin(topic, existing);
      if (twin != null && topic.role().equals(KEYS)) {
        // Said with the payloads.
        return;
      }
      var isJoined = partner(topic) != null;
      refuse(
          topic,
          "%s %d partitions, not %d, and %s number is fixed: %s; to keep it, %s"
              .formatted(
                  twin == null
                      ? topic.name() + " has"
                      : topic.name() + " and " + twin.name() + " have",
                  existing.partitions(),
                  topic.partitions(),
                  twin == null ? "its" : "their",
                  isJoined
                      ? "keys would move, and the join looks for a session key in the payload's own"
                          + " partition"
                      : "keys would move away from their earlier records",
                  isJoined
                      ? giveOrEdit(existing.partitions(), twin == null ? "its file" : "their files")
                      : keepOrEdit(existing.partitions())));
    }

    /** The other one of the two that are joined, if it has and is to have the same numbers. */
    private @Nullable DesiredTopic twin(DesiredTopic topic, ActualTopic existing) {
      var partner = partner(topic);
      if (partner == null) {
        return null;
      }
      var existingPartner = actual.get(partner.name());
      return existingPartner != null
              && existingPartner.partitions() == existing.partitions()
              && partner.partitions() == topic.partitions()
          ? partner
          : null;
    }

    /** The other one of the two topics that are joined; null for the rest. */
    private @Nullable DesiredTopic partner(DesiredTopic topic) {
      return switch (topic.role()) {
        case PAYLOADS -> byRole.get(KEYS);
        case KEYS -> byRole.get(PAYLOADS);
        default -> null;
      };
    }

    private int count(DesiredTopic topic) {
      var existing = actual.get(topic.name());
      return existing == null ? topic.partitions() : existing.partitions();
    }

    /** What to do for a topic that is joined, or that is to be made. */
    private static String giveOrEdit(int partitions, String files) {
      return "give --partitions %d, or write it into %s (--files)".formatted(partitions, files);
    }

    /**
     * What to do for one that is not: the option leaves it alone, but has to fit the joined ones.
     */
    private String keepOrEdit(int partitions) {
      var payloads = byRole.get(PAYLOADS);
      return payloads == null
          ? "write %d into its file (--files)".formatted(partitions)
          : "give --partitions %d, which leaves it as it is, or write %d into its file (--files)"
              .formatted(count(payloads), partitions);
    }

    private void refuse(DesiredTopic topic, String sentence) {
      changes.add(new Refused(topic.name(), sentence));
    }
  }
}
