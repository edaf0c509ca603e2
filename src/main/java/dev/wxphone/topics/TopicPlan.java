package dev.wxphone.topics;

import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.topics.TopicChange.AddPartitions;
import dev.wxphone.topics.TopicChange.AlterConfig;
import dev.wxphone.topics.TopicChange.Create;
import dev.wxphone.topics.TopicChange.Refused;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes that make the cluster's topics as their files want them. Replication factors, and
 * settings that no file contains, are not compared.
 */
public record TopicPlan(List<TopicChange> changes) {
  private static final Set<TopicRole> FIXED_COUNT =
      Set.of(TopicRole.PHONE_PAYLOAD, TopicRole.SESSION_KEY, TopicRole.USER_PROFILE);

  public TopicPlan {
    changes = List.copyOf(changes);
  }

  /**
   * Returns the changes.
   *
   * @param actual topics that exist, by name
   */
  public static TopicPlan of(List<DesiredTopic> desired, Map<String, ActualTopic> actual) {
    return new Comparison(desired, actual).plan();
  }

  /** Returns whether nothing differs. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** Returns the differences that can't be changed; if there are any, no change may be made. */
  public List<Refused> refusals() {
    return changes.stream().filter(Refused.class::isInstance).map(Refused.class::cast).toList();
  }

  private static final class Comparison {
    private final List<DesiredTopic> desired;
    private final Map<String, ActualTopic> actual;
    private final Map<TopicRole, DesiredTopic> byRole = new EnumMap<>(TopicRole.class);
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
      if (FIXED_COUNT.contains(topic.role())) {
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
        // Reported once for both, on the session keys, which are easier to publish again.
        if (topic.role() == TopicRole.SESSION_KEY) {
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
      if (twin != null && topic.role() == TopicRole.SESSION_KEY) {
        // Reported with the payloads.
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

    /** Returns the other of the two joined topics if it has and wants the same counts. */
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

    /** Returns the other of the two joined topics; null for the rest. */
    private @Nullable DesiredTopic partner(DesiredTopic topic) {
      return switch (topic.role()) {
        case PHONE_PAYLOAD -> byRole.get(TopicRole.SESSION_KEY);
        case SESSION_KEY -> byRole.get(TopicRole.PHONE_PAYLOAD);
        default -> null;
      };
    }

    private int count(DesiredTopic topic) {
      var existing = actual.get(topic.name());
      return existing == null ? topic.partitions() : existing.partitions();
    }

    /** Returns the remedy for a topic that is joined or is created. */
    private static String giveOrEdit(int partitions, String files) {
      return "give --partitions %d, or write it into %s (--files)".formatted(partitions, files);
    }

    /**
     * Returns the remedy for other topics: the option does not change them, but must match the
     * joined ones.
     */
    private String keepOrEdit(int partitions) {
      var payloads = byRole.get(TopicRole.PHONE_PAYLOAD);
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
