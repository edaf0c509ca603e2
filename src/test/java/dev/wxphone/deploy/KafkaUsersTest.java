package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.AclTable;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.Acl;
import dev.wxphone.topics.RequiredAcls;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.SecurityUtils;
import org.junit.jupiter.api.Test;

/** The KafkaUsers of the Strimzi overlay have the ACLs that the program needs, and no others. */
class KafkaUsersTest {
  private static final Settings DEFAULTS = Settings.load(null, Map.of(), Map.of(), warning -> {});

  private static List<String> aclsOf(String user) {
    JsonNode found =
        Manifests.resources(Manifests.STRIMZI).stream()
            .filter(object -> Manifests.name(object).equals(user))
            .findFirst()
            .orElseThrow();
    assertThat(found.path("kind").asText()).isEqualTo("KafkaUser");
    List<String> acls = new ArrayList<>();
    for (JsonNode rule : found.path("spec").path("authorization").path("acls")) {
      JsonNode resource = rule.path("resource");
      Manifests.texts(rule.path("operations"))
          .map(SecurityUtils::operation)
          .map(operation -> acl(resource, operation).text())
          .forEach(acls::add);
    }
    return acls;
  }

  private static Acl acl(JsonNode resource, AclOperation operation) {
    ResourceType type = SecurityUtils.resourceType(capitalized(resource.path("type").asText()));
    PatternType pattern =
        switch (resource.path("patternType").asText()) {
          case "literal" -> PatternType.LITERAL;
          case "prefix" -> PatternType.PREFIXED;
          default -> throw new AssertionError(resource.toString());
        };
    return new Acl(type, pattern, resource.path("name").asText(), operation);
  }

  private static String capitalized(String text) {
    return text.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + text.substring(1);
  }

  @Test
  void wxphone_may_do_what_run_asks_for_and_no_more() {
    assertThat(aclsOf("wxphone"))
        .containsExactlyInAnyOrderElementsOf(
            RequiredAcls.ofRun(DEFAULTS, true).stream().map(Acl::text).toList());
  }

  @Test
  void an_operator_may_do_what_all_other_commands_need_and_no_more() throws IOException {
    Set<String> needed = new TreeSet<>();
    AclTable.read(DEFAULTS)
        .forEach(
            (command, acls) -> {
              if (!command.equals("run")) {
                needed.addAll(acls);
              }
            });
    assertThat(aclsOf("wxphone-operator")).containsExactlyInAnyOrderElementsOf(needed);
  }

  @Test
  void only_the_login_service_and_wxphone_and_operators_may_write_session_keys() {
    assertThat(aclsOf("wxphone-login-service")).containsExactly("Write on the topic session-key");
    assertThat(aclsOf("wxphone-backend"))
        .containsExactly(
            "Write on the topic phone-payload",
            "Read on the topic user-profile",
            "Read on the topic dead-letter",
            "Read on groups with the prefix backend-");
  }

  /** A KafkaUser of another cluster is nobody's. */
  @Test
  void all_are_of_the_cluster_of_the_topics() {
    JsonNode topic = Manifests.read(java.nio.file.Path.of("topics", "phone-payload.yaml"));
    String cluster = topic.path("metadata").path("labels").path("strimzi.io/cluster").asText();
    assertThat(cluster).isNotEmpty();
    assertThat(Manifests.resources(Manifests.STRIMZI))
        .hasSize(4)
        .allSatisfy(
            user ->
                assertThat(user.path("metadata").path("labels").path("strimzi.io/cluster").asText())
                    .isEqualTo(cluster));
  }
}
