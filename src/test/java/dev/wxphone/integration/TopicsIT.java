package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.topics.ShownTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code topics plan} and {@code apply} as one types them. */
@ExtendWith(SharedBroker.Extension.class)
final class TopicsIT {
  private static final List<String> ROLES =
      List.of("phone-payload", "session-key", "user-profile", "dead-letter", "dead-letter-audit");

  private final SharedBroker broker;

  TopicsIT(SharedBroker broker) {
    this.broker = broker;
  }

  @Test
  void apply_makes_what_plan_says_and_both_find_nothing_then() {
    Program.Result plan = topics("apply1", "plan");
    assertThat(plan.code()).isZero();
    assertThat(plan.out())
        .hasSize(5)
        .allMatch(line -> line.matches("create +apply1\\.\\S+ +8 partitions, .*"));

    Program.Result apply = topics("apply1", "apply");
    assertThat(apply).isEqualTo(plan);
    for (String again : List.of("plan", "apply", "plan")) {
      assertThat(topics("apply1", again))
          .isEqualTo(new Program.Result(0, List.of("nothing to change"), List.of()));
    }
  }

  @Test
  void json_is_an_object_a_line_and_no_line_where_nothing_differs() throws Exception {
    Program.Result plan = topics("json", "plan", "--json", "--partitions", "2", "--replicas", "1");
    List<JsonNode> objects = new ArrayList<>();
    for (String line : plan.out()) {
      objects.add(new ObjectMapper().readTree(line));
    }
    assertThat(objects).hasSize(5).allMatch(JsonNode::isObject);
    assertThat(objects.get(3).path("action").asText()).isEqualTo("create");
    assertThat(objects.get(3).path("topic").asText()).isEqualTo("json.dead-letter");
    assertThat(objects.get(3).path("partitions").asInt()).isEqualTo(2);
    assertThat(objects.get(3).path("replicas").asInt()).isEqualTo(1);
    assertThat(objects.get(3).path("config").path("max.message.bytes").asText())
        .isEqualTo("2097152");

    assertThat(topics("json", "apply", "--json", "--partitions", "2")).returns(0, code());
    assertThat(topics("json", "plan", "--json", "--partitions", "2"))
        .isEqualTo(new Program.Result(0, List.of(), List.of()));
  }

  @Test
  void what_would_break_the_join_is_refused_by_both() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers()))) {
      new ShownTopics(admin).create("uneven.phone-payload", 4);
    }
    Program.Result plan = topics("uneven", "plan");
    assertThat(plan.code()).isEqualTo(1);
    assertThat(plan.out())
        .as("in a pipe each is one line")
        .allMatch(line -> line.matches("(refused|change|create) +uneven\\..*"))
        .anyMatch(line -> line.startsWith("refused") && line.contains("has 4 partitions, not 8"));

    Program.Result apply = topics("uneven", "apply");
    assertThat(apply.code()).isEqualTo(1);
    assertThat(apply.out()).isEmpty();
    assertThat(apply.err())
        .singleElement()
        .asString()
        .startsWith("wxphone: nothing was changed: uneven.phone-payload has 4 partitions, not 8,");
    assertThat(topics("uneven", "plan").out())
        .filteredOn(line -> line.startsWith("create"))
        .as("nothing was made")
        .hasSize(3);

    assertThat(topics("uneven", "apply", "--partitions", "4")).returns(0, code());
    assertThat(topics("uneven", "plan").code()).as("8 is wrong still").isEqualTo(1);
  }

  @Test
  void more_partitions_are_for_inputs_of_new_names_and_leave_the_outputs_alone() {
    assertThat(topics("move", "apply")).returns(0, code());
    assertThat(topics("move", "apply", "--partitions", "12").err())
        .singleElement()
        .asString()
        .startsWith(
            "wxphone: nothing was changed: move.phone-payload and move.session-key have 8"
                + " partitions, not 12, ")
        .containsOnlyOnce("not 12")
        .doesNotContain("; also, ");

    List<String> arguments =
        new ArrayList<>(List.of("topics", "plan", "--partitions", "12", "--bootstrap-servers"));
    arguments.add(servers());
    ROLES.forEach(role -> arguments.add("-Dwxphone.topic." + role + "=move." + role));
    arguments.add("-Dwxphone.topic.phone-payload=move.phone-payload-2");
    Program.Result half = InProcess.execute(arguments);
    assertThat(half.code()).as("one of the two").isEqualTo(1);
    assertThat(half.out()).hasSize(2).allMatch(line -> line.startsWith("refused"));

    arguments.set(1, "apply");
    arguments.add("-Dwxphone.topic.session-key=move.session-key-2");
    Program.Result both = InProcess.execute(arguments);
    assertThat(both.out())
        .hasSize(2)
        .allMatch(line -> line.matches("create +move\\.\\S+-2 +12 partitions, .*"));
    assertThat(both.code()).isZero();
    assertThat(InProcess.execute(arguments).out()).containsExactly("nothing to change");
  }

  @Test
  void more_replicas_than_brokers_is_one_line() {
    Program.Result apply = topics("replicas", "apply", "--replicas", "3");
    assertThat(apply.code()).isEqualTo(1);
    assertThat(apply.out()).isEmpty();
    assertThat(apply.err()).singleElement().asString().contains("give --replicas with at most");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "topics",
        "topics aply",
        "topics apply --partitions 0",
        "topics apply --partitions many",
        "topics plan --replicas -1",
        "topics plan --sideways",
        "topics plan surplus",
        "topics plan -Dwxphone.topic.dead-letter=session-key",
        "topics plan -Dwxphone.topic.dead-leter=x",
        "topics plan --config not-there.properties"
      })
  void wrong_usage_is_one_line_and_2(String arguments) {
    Program.Result ended = InProcess.execute(List.of(arguments.split(" ")));
    assertThat(ended.err()).singleElement().asString().startsWith("wxphone: ");
    assertThat(ended.out()).isEmpty();
    assertThat(ended.code()).isEqualTo(2);
  }

  private static Function<Program.Result, Integer> code() {
    return Program.Result::code;
  }

  private String servers() {
    return broker.bootstrapServers();
  }

  /** The command on topics with a prefix of their own. */
  private Program.Result topics(String prefix, String... arguments) {
    List<String> all = new ArrayList<>(List.of("topics"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--bootstrap-servers", servers()));
    ROLES.forEach(role -> all.add("-Dwxphone.topic." + role + "=" + prefix + "." + role));
    return InProcess.execute(all);
  }
}
