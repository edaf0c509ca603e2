package dev.wxphone.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.Main;
import dev.wxphone.core.domain.TopicRole;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.demo.broker.EmbeddedBroker;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicAdmin;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The {@code publish} command. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PublishIT {
  private static final int PARTITIONS = 8;
  private static final String KEY = "tiihtNczf5v6AKRyjwEUhQ==";
  private static final String OTHER_KEY = "AAAAAAAAAAAAAAAAAAAAAA==";

  private final AtomicInteger numbers = new AtomicInteger();

  @TempDir private Path directory;
  private EmbeddedBroker broker;
  private Admin admin;
  private String topic;

  @BeforeAll
  void a_broker() {
    broker = EmbeddedBroker.start(0, null);
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  void end() {
    admin.close();
    broker.close();
  }

  @BeforeEach
  void a_topic_of_its_own() {
    topic = "t" + numbers.incrementAndGet();
    create(topic, Map.of());
  }

  @Test
  void every_payload_of_a_file_lies_in_the_partition_of_its_openid() throws IOException {
    List<String> lines =
        IntStream.range(0, 200)
            .mapToObj(
                i ->
                    "{\"openid\":\"o_%d\",\"encryptedData\":\"d%d\", \"iv\":\"i\"}".formatted(i, i))
            .toList();
    // Client settings that would change partitions or order are overridden.
    Outcome outcome =
        publish(
            "payload",
            file(String.join("\n\n", lines)),
            "-Dpartitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner",
            "-Dtransactional.id=somebody-s",
            "-Dacks=1");
    assertThat(outcome).isEqualTo(new Outcome(0, "published 200 to " + topic + "\n", ""));
    List<ConsumerRecord<byte[], String>> records = records();
    assertThat(records).hasSize(200);
    assertThat(records)
        .allSatisfy(
            record -> {
              String openid = new String(record.key(), UTF_8);
              assertThat(record.partition()).isEqualTo(Partitioning.of(record.key(), PARTITIONS));
              assertThat(record.value())
                  .isEqualTo(
                      "{\"encryptedData\":\"d%s\",\"iv\":\"i\"}".formatted(openid.substring(2)));
              assertThat(record.headers()).isEmpty();
            });
    assertThat(records).extracting(ConsumerRecord::partition).contains(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void logins_and_logouts_of_standard_input_keep_their_order() {
    String first = login("o1", KEY);
    String second = login("o1", OTHER_KEY);
    Outcome outcome =
        publishing(
            first + "\n" + second + "\r\n{\"openid\":\"o1\",\"session_key\":null}\n" + first,
            "session-key");
    assertThat(outcome).isEqualTo(new Outcome(0, "published 4 to " + topic + "\n", ""));
    List<ConsumerRecord<byte[], String>> records = records();
    assertThat(records)
        .extracting(ConsumerRecord::value)
        .containsExactly(first, second, null, first);
    assertThat(records).allMatch(record -> new String(record.key(), UTF_8).equals("o1"));
  }

  @Test
  void a_line_that_is_wrong_is_refused_and_the_others_are_published() {
    Outcome outcome =
        publishing(
            String.join(
                "\n",
                login("o1", KEY),
                login("o2", KEY).replace(KEY, KEY + "="),
                "",
                "{\"openid\":\"o3\",\"appid\":\"wx1\"",
                login("o4", KEY)),
            "session-key",
            "-");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEqualTo("published 2 to " + topic + ", refused 2\n");
    assertThat(outcome.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("wxphone: line 2: There is no session_key"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "wxphone: line 4: The line is not one JSON object. The JSON breaks off at"
                            + " its end."));
    assertThat(outcome.err()).doesNotContain(KEY, "o2", "o3", "wx1");
    assertThat(records()).extracting(ConsumerRecord::value).hasSize(2).doesNotContain("o2");
  }

  @Test
  void an_appid_may_be_left_to_the_settings() {
    String login = "{\"openid\":\"o1\",\"session_key\":\"" + KEY + "\"}";
    assertThat(publishing(login, "session-key").exitCode()).isEqualTo(1);
    assertThat(publishing(login, "session-key", "-Dwxphone.appids=wx1").exitCode()).isZero();
    assertThat(records()).extracting(ConsumerRecord::value).containsExactly(login);
  }

  @Test
  void nothing_is_published_to_a_topic_that_is_not_there() {
    topic += "-nowhere";
    Outcome outcome = publishing(login("o1", KEY), "session-key");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines())
        .singleElement()
        .asString()
        .startsWith("wxphone: there is no topic " + topic + " at " + broker.bootstrapServers());
  }

  @Test
  void a_record_that_the_broker_does_not_take_is_told_by_its_line() {
    topic += "-small";
    create(topic, Map.of("max.message.bytes", "1000"));
    String small = "{\"openid\":\"o1\",\"errMsg\":\":cancel\"}\n";
    String large =
        "{\"openid\":\"o1\",\"encryptedData\":\"" + "d".repeat(2000) + "\",\"iv\":\"i\"}\n";
    Outcome outcome = publishing(small + "\n" + large, "payload");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEqualTo("published 1 to " + topic + "\n");
    assertThat(outcome.err())
        .isEqualTo(
            "wxphone: line 3 was not published: it is larger than the topic "
                + topic
                + " takes (max.message.bytes)\n");
  }

  @Test
  void an_input_that_cannot_be_read_is_told_in_one_line() {
    Outcome missing = publish("payload", directory.resolve("missing").toString());
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err())
        .isEqualTo("wxphone: the file " + directory.resolve("missing") + " doesn't exist\n");
    assertThat(missing.out()).isEmpty();
    Outcome folder = publish("payload", directory.toString());
    assertThat(folder)
        .isEqualTo(new Outcome(2, "", "wxphone: the file " + directory + " is a directory\n"));
    Outcome nameless = publish("payload", "");
    assertThat(nameless.exitCode()).isEqualTo(2);
    assertThat(nameless.out()).isEmpty();
    assertThat(nameless.err().lines())
        .singleElement()
        .asString()
        .startsWith("wxphone: the name of the file is empty; - or nothing is standard input; see");
  }

  @Test
  void an_input_of_which_nothing_can_be_read_is_told_in_one_line() {
    assertThat(publishing(new PipedInputStream(), "payload"))
        .isEqualTo(new Outcome(2, "", "wxphone: standard input can't be read\n"));
  }

  @Test
  void of_an_input_that_holds_something_else_only_the_first_refusals_are_told() {
    String rubbish = "\u0000rubbish\n".repeat(500);
    Outcome outcome = publishing(rubbish + login("o1", KEY) + "\n" + rubbish, "session-key");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out()).isEqualTo("published 1 to " + topic + ", refused 1000\n");
    assertThat(outcome.err().lines())
        .hasSize(21)
        .endsWith("wxphone: further lines that are refused are only counted")
        .filteredOn(line -> line.matches("wxphone: line [0-9]+: The line is not .*"))
        .hasSize(20);
    assertThat(records()).hasSize(1);
  }

  @Test
  void a_broker_that_goes_away_ends_it_with_the_line_that_it_did_not_take() {
    EmbeddedBroker other = EmbeddedBroker.start(0, null);
    try {
      try (Admin its = Admin.create(Map.of("bootstrap.servers", other.bootstrapServers()))) {
        create(its, other, topic, Map.of());
      }
      InputStream first = new ByteArrayInputStream((login("o1", KEY) + "\n").getBytes(UTF_8));
      InputStream second =
          new ByteArrayInputStream(login("o2", KEY).getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
              other.close();
              return super.read(into, offset, length);
            }
          };
      Outcome outcome =
          publishing(
              new SequenceInputStream(first, second),
              "session-key",
              "--bootstrap-servers=" + other.bootstrapServers(),
              "-Ddelivery.timeout.ms=2000",
              "-Dmax.block.ms=2000",
              "-Drequest.timeout.ms=1000");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.err())
          .matches(
              "wxphone: line [12] was not published: the brokers at "
                  + other.bootstrapServers()
                  + " did not take it in time\n");
    } finally {
      other.close();
    }
  }

  @Test
  void one_says_what_is_to_be_published() {
    Outcome outcome = execute("publish");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .isEqualTo("wxphone: say session-key or payload; see wxphone publish --help\n");
    assertThat(execute("publish", "session-key", "--help").out())
        .contains("{\"openid\":\"o…\",\"session_key\":null}");
  }

  private record Outcome(int exitCode, String out, String err) {}

  private Outcome publish(String what, String... arguments) {
    List<String> all = new ArrayList<>(List.of("publish", what));
    if (Stream.of(arguments).noneMatch(argument -> argument.startsWith("--bootstrap-servers"))) {
      all.addAll(List.of("--bootstrap-servers", broker.bootstrapServers()));
    }
    all.add("-Dwxphone.topic." + (what.equals("payload") ? "phone-payload" : what) + "=" + topic);
    all.addAll(List.of(arguments));
    return execute(all.toArray(String[]::new));
  }

  /** Publishes from standard input. */
  private Outcome publishing(String input, String what, String... arguments) {
    return publishing(new ByteArrayInputStream(input.getBytes(UTF_8)), what, arguments);
  }

  private Outcome publishing(InputStream input, String what, String... arguments) {
    InputStream before = System.in;
    System.setIn(input);
    try {
      return publish(what, arguments);
    } finally {
      System.setIn(before);
    }
  }

  private static Outcome execute(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return new Outcome(commandLine.execute(arguments), out.toString(), err.toString());
  }

  private String file(String content) throws IOException {
    return Files.writeString(directory.resolve("lines.jsonl"), content).toString();
  }

  private static String login(String openid, String key) {
    return "{\"openid\":\"%s\",\"appid\":\"wx1\",\"session_key\":\"%s\"}".formatted(openid, key);
  }

  /** Creates a topic, and returns when the broker shows it with leaders. */
  private void create(String name, Map<String, String> config) {
    create(admin, broker, name, config);
  }

  private static void create(
      Admin admin, EmbeddedBroker broker, String name, Map<String, String> config) {
    new TopicAdmin(admin, new AdminCalls(broker.bootstrapServers(), Duration.ofSeconds(30)))
        .apply(
            List.of(
                new DesiredTopic(
                    TopicRole.DEAD_LETTER, name, PARTITIONS, OptionalInt.empty(), config)));
  }

  /** Returns all records of the topic, those of one partition in order. */
  private List<ConsumerRecord<byte[], String>> records() {
    Map<String, Object> config = new TreeMap<>();
    config.put("bootstrap.servers", broker.bootstrapServers());
    try (var consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long end = consumer.endOffsets(partitions).values().stream().mapToLong(o -> o).sum();
      List<ConsumerRecord<byte[], String>> records = new ArrayList<>();
      while (records.size() < end) {
        consumer.poll(Duration.ofSeconds(30)).forEach(records::add);
      }
      return records;
    }
  }
}
