package dev.wxphone.topics;

import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.operator.OperatorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.jspecify.annotations.Nullable;

/**
 * What the cluster says that this client's principal may do. Of what it does not say, nothing is
 * known to be missing: an old broker tells nothing, and a cluster without ACLs allows all.
 */
public final class AuthorizedOperations {
  private final Map<String, Set<AclOperation>> topics = new HashMap<>();
  private final Set<String> uncreatable = new HashSet<>();
  private final @Nullable Set<AclOperation> group;

  private AuthorizedOperations(@Nullable Set<AclOperation> group) {
    this.group = group;
  }

  /**
   * Asks the cluster.
   *
   * @param names topics that should exist
   * @param changelogs topics that may have to be created
   * @throws OperatorException if no broker answers
   */
  public static AuthorizedOperations ask(
      Admin admin, AdminCalls calls, List<String> names, List<String> changelogs, String group) {
    List<String> all = new ArrayList<>(names);
    all.addAll(changelogs);
    // Both at once, so that it takes one round trip.
    var described =
        admin.describeTopics(all, new DescribeTopicsOptions().includeAuthorizedOperations(true));
    var groups =
        admin.describeConsumerGroups(
            List.of(group), new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true));
    AuthorizedOperations found =
        new AuthorizedOperations(
            operations(
                calls,
                groups.describedGroups().get(group),
                description -> description.authorizedOperations()));
    Set<String> missing = new HashSet<>();
    described
        .topicNameValues()
        .forEach(
            (name, future) -> {
              try {
                var description = calls.getIfAllowed(future);
                Set<AclOperation> operations =
                    description.isEmpty()
                        ? Set.of()
                        : known(description.get().authorizedOperations());
                if (operations != null) {
                  found.topics.put(name, operations);
                }
                if (description.isEmpty()) {
                  missing.add(name);
                }
              } catch (UnknownTopicOrPartitionException e) {
                missing.add(name);
              } catch (ApiException e) {
                // Other checks name what is wrong with it.
              }
            });
    missing.retainAll(changelogs);
    found.tryToCreate(admin, calls, missing);
    return found;
  }

  /** A topic that does not exist has no operations: only an attempt tells, which creates none. */
  private void tryToCreate(Admin admin, AdminCalls calls, Set<String> names) {
    if (names.isEmpty()) {
      return;
    }
    List<NewTopic> topicsToCreate =
        names.stream()
            .map(name -> new NewTopic(name, Optional.<Integer>empty(), Optional.<Short>empty()))
            .toList();
    admin
        .createTopics(topicsToCreate, new CreateTopicsOptions().validateOnly(true))
        .values()
        .forEach(
            (name, future) -> {
              try {
                // The value of a creation is null, as that of one that is not allowed.
                if (calls.getIfAllowed(future.thenApply(created -> name)).isEmpty()) {
                  uncreatable.add(name);
                }
              } catch (ApiException e) {
                // Kafka Streams creates it in its own way.
              }
            });
  }

  /** Returns those of these that are missing; transactional ids are not judged. */
  public List<Acl> missing(List<Acl> required) {
    return required.stream().filter(this::isMissing).toList();
  }

  /** Returns whether an operation on a topic is known to be allowed. */
  public boolean allows(String topic, AclOperation operation) {
    return topics.getOrDefault(topic, Set.of()).contains(operation);
  }

  private boolean isMissing(Acl acl) {
    return switch (acl.type()) {
      case GROUP -> group != null && !group.contains(acl.operation());
      case TOPIC ->
          acl.operation() == AclOperation.CREATE
              ? !uncreatable.isEmpty()
              : topics.entrySet().stream()
                  .filter(entry -> matches(acl, entry.getKey()))
                  .anyMatch(entry -> !entry.getValue().contains(acl.operation()));
      default -> false;
    };
  }

  private static boolean matches(Acl acl, String topic) {
    return acl.pattern() == PatternType.PREFIXED
        ? topic.startsWith(acl.name()) && topic.endsWith("-changelog")
        : topic.equals(acl.name());
  }

  private static <T> @Nullable Set<AclOperation> operations(
      AdminCalls calls,
      @Nullable KafkaFuture<T> future,
      java.util.function.Function<T, @Nullable Set<AclOperation>> of) {
    try {
      Optional<T> description = future == null ? Optional.empty() : calls.getIfAllowed(future);
      return description.isEmpty() ? Set.of() : known(of.apply(description.get()));
    } catch (ApiException e) {
      // There is no such group yet.
      return null;
    }
  }

  /** Returns null where the broker did not say. */
  private static @Nullable Set<AclOperation> known(@Nullable Set<AclOperation> operations) {
    return operations == null || operations.contains(AclOperation.UNKNOWN) ? null : operations;
  }
}
