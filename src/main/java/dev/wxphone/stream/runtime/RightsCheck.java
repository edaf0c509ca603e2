package dev.wxphone.stream.runtime;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.TransactionTrial;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.Acl;
import dev.wxphone.topics.AuthorizedOperations;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.RequiredAcls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.streams.StreamsConfig;

/** Checks before the start that the principal has all ACLs, and names those that are missing. */
final class RightsCheck {
  private RightsCheck() {}

  /**
   * Asks the cluster.
   *
   * @throws OperatorException if a right is missing, or no broker answers
   */
  static void check(Admin admin, AdminCalls calls, KafkaProperties properties, Settings settings) {
    TopicNames topics = settings.topics();
    String group = settings.applicationId();
    // Meanwhile, so that the start takes no longer.
    CompletableFuture<Boolean> forbidden =
        isTransactional(settings)
            ? CompletableFuture.supplyAsync(
                () -> TransactionTrial.isForbidden(properties, group + "-rights"))
            : CompletableFuture.completedFuture(false);
    List<Acl> required = RequiredAcls.ofRun(settings, false);
    List<Acl> missing =
        new ArrayList<>(
            AuthorizedOperations.ask(
                    admin,
                    calls,
                    List.of(
                        topics.phonePayload(),
                        topics.sessionKey(),
                        topics.userProfile(),
                        topics.deadLetter()),
                    Changelogs.names(group),
                    group)
                .missing(required));
    if (forbidden.join()) {
      required.stream()
          .filter(acl -> acl.type() == ResourceType.TRANSACTIONAL_ID)
          .forEach(missing::add);
    }
    if (!missing.isEmpty()) {
      throw OperatorException.failed(
          "the principal lacks %s; give it what is missing: %s"
              .formatted(
                  missing.stream().map(Acl::text).collect(Collectors.joining(", ")),
                  String.join(" && ", Acl.commands(missing, properties.bootstrapServers()))));
    }
  }

  private static boolean isTransactional(Settings settings) {
    return !StreamsConfig.AT_LEAST_ONCE.equals(
        settings.kafka().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
  }
}
