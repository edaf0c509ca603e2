package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.Partitioning;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 8, 12})
  void what_is_misplaced_lies_where_librdkafka_puts_it_but_never_where_it_belongs(int partitions) {
    for (int i = 0; i < 1_000; i++) {
      byte[] key = ("o" + i).getBytes(UTF_8);
      CRC32 crc = new CRC32();
      crc.update(key);
      int librdkafka = (int) (crc.getValue() % partitions);
      int right = Partitioning.of(key, partitions);
      assertThat(Traffic.wrongPartition(key, partitions))
          .isBetween(0, partitions - 1)
          .isNotEqualTo(right)
          .isEqualTo(librdkafka == right ? (right + 1) % partitions : librdkafka);
    }
  }
}
