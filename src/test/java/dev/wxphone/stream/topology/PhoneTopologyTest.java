package dev.wxphone.stream.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.stream.metrics.AnswerCounts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhoneTopologyTest {
  private static Topology topology() {
    return new PhoneTopology(
            TestStream.given().load().answerRules(),
            8,
            Provenance.OLDEST,
            Map.of(),
            new Horizons(Horizon.ALWAYS, Horizon.ALWAYS),
            new AnswerCounts())
        .get();
  }

  @Test
  void the_description_is_the_golden_one() throws IOException {
    try (InputStream golden = PhoneTopologyTest.class.getResourceAsStream("topology.txt")) {
      assertThat(topology().describe().toString().strip())
          .isEqualTo(new String(Objects.requireNonNull(golden).readAllBytes(), UTF_8).strip());
    }
  }

  @Test
  void every_node_topic_and_store_of_the_drawing_is_there_and_no_other() throws IOException {
    String source =
        Files.readString(Path.of("src/main/java/dev/wxphone/stream/topology/PhoneTopology.java"));
    String drawing = source.substring(source.indexOf("<pre>") + 5, source.indexOf("</pre>"));
    assertThat(names("[a-z][a-z-]*[a-z]", drawing))
        .isEqualTo(
            names(
                "(?<=Source: |Processor: |Sink: |topics: \\[|topic: |stores: \\[|, )[a-z-]+",
                topology().describe().toString()));
  }

  private static Set<String> names(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void with_the_stores_of_every_day_a_waiting_click_is_answered(@TempDir Path directory) {
    Properties properties = TestStream.properties();
    properties.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
    try (TopologyTestDriver driver =
        new TopologyTestDriver(topology(), properties, Instant.ofEpochMilli(TestStream.START))) {
      var serializer = new ByteArraySerializer();
      var deserializer = new ByteArrayDeserializer();
      Sent click = Sent.of(TestStream.OPENID, Clicks.under(Clicks.key(1)));
      Sent login = Sent.login(TestStream.OPENID, Clicks.key(1));
      driver
          .createInputTopic("phone-payload", serializer, serializer)
          .pipeInput(click.key(), click.value(), TestStream.START);
      driver
          .createInputTopic("session-key", serializer, serializer)
          .pipeInput(login.key(), login.value(), TestStream.START);
      assertThat(
              driver
                  .createOutputTopic("user-profile", deserializer, deserializer)
                  .readValuesToList())
          .hasSize(1);
    }
  }
}
