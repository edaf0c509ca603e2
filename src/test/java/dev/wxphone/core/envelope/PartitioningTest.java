package dev.wxphone.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitioningTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 8, 50, 999})
  void a_key_lies_where_the_java_producer_puts_it(int partitions) {
    for (int i = 0; i < 500; i++) {
      byte[] key = ("o" + i + "用户".repeat(i % 4)).getBytes(UTF_8);
      assertThat(Partitioning.of(key, partitions))
          .isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
    }
  }

  /** Reckoned by another murmur2. */
  @Test
  void known_openids_lie_in_known_partitions() {
    List<Integer> known = List.of(0, 3, 6, 7, 0, 6, 6, 5, 3, 0);
    assertThat(IntStream.range(0, 10).map(i -> Partitioning.of(("o" + i).getBytes(UTF_8), 8)))
        .containsExactlyElementsOf(known);
  }
}
