package dev.wxphone.topics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.SecurityUtils;

/**
 * A right that a command needs.
 *
 * @param pattern literal, or prefixed
 * @param name of the resource, or the prefix
 */
public record Acl(ResourceType type, PatternType pattern, String name, AclOperation operation) {

  /** Returns the right as text, as in {@code Write on the topic session-key}. */
  public String text() {
    String resource =
        switch (type) {
          case TRANSACTIONAL_ID -> "transactional id";
          case GROUP -> "group";
          default -> "topic";
        };
    return "%s on %s %s"
        .formatted(
            operationName(),
            pattern == PatternType.PREFIXED ? resource + "s with the prefix" : "the " + resource,
            name);
  }

  /**
   * Returns the commands that give these rights: one for all resources of a kind with the same
   * operations.
   */
  public static List<String> commands(Collection<Acl> acls, String bootstrapServers) {
    Map<String, Set<String>> operationsByResource = new LinkedHashMap<>();
    for (Acl acl : acls) {
      operationsByResource
          .computeIfAbsent(acl.resourceOption(), resource -> new LinkedHashSet<>())
          .add(" --operation " + acl.operationName());
    }
    Map<String, Set<String>> resourcesByOperations = new LinkedHashMap<>();
    operationsByResource.forEach(
        (resource, operations) ->
            resourcesByOperations
                // Those with a prefix can't be mixed with others.
                .computeIfAbsent(
                    String.join("", operations) + (resource.contains("prefixed") ? " " : ""),
                    all -> new LinkedHashSet<>())
                .add(resource));
    List<String> commands = new ArrayList<>();
    resourcesByOperations.forEach(
        (operations, resources) ->
            commands.add(
                "kafka-acls.sh --bootstrap-server %s --add --allow-principal User:…%s%s"
                    .formatted(
                        bootstrapServers, operations.stripTrailing(), String.join("", resources))));
    return commands;
  }

  /** Returns the operation as Kafka's tools spell it. */
  public String operationName() {
    return SecurityUtils.operationName(operation);
  }

  private String resourceOption() {
    String option =
        switch (type) {
          case TRANSACTIONAL_ID -> " --transactional-id ";
          case GROUP -> " --group ";
          default -> " --topic ";
        };
    return option
        + name
        + (pattern == PatternType.PREFIXED ? " --resource-pattern-type prefixed" : "");
  }
}
