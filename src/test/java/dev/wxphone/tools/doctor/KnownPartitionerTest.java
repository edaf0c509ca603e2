package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class KnownPartitionerTest {
  private static final String CHECK = "123456789";

  /**
   * Published check values: CRC-32 of 123456789 is cbf43926; FNV-1a of foobar is bf9cf968, of a is
   * e40c292c (both negative as an int); murmur2 of 21 is -973932308 in Kafka's own tests.
   */
  @ParameterizedTest
  @CsvSource({
    // 0xcbf43926 = 3421780262
    "CRC32_UNSIGNED, 123456789, 1000, 262",
    "CRC32_UNSIGNED, 123456789, 7, 5",
    // 0xbf9cf968 - 2^32 = -1080231576
    "FNV1A_ABSOLUTE, foobar, 1000, 576",
    // 0xbf9cf968 & 0x7fffffff = 1067252072
    "FNV1A_WITHOUT_SIGN, foobar, 1000, 72",
    // 0xe40c292c - 2^32 = -468965076
    "FNV1A_ABSOLUTE, a, 100, 76",
    // 2^32 - 973932308 = 3321034988
    "MURMUR2_UNSIGNED, 21, 1000, 988",
  })
  void puts_a_key_where_the_client_does(
      KnownPartitioner partitioner, String key, int partitions, int expected) {
    assertThat(partitioner.of(key.getBytes(UTF_8), partitions)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void every_partition_that_it_names_exists(KnownPartitioner partitioner) {
    assertThat(
            IntStream.range(0, 1000)
                .map(i -> partitioner.of((CHECK + i).getBytes(UTF_8), 7))
                .boxed())
        .contains(0, 1, 2, 3, 4, 5, 6)
        .allMatch(partition -> partition >= 0 && partition < 7);
  }
}
