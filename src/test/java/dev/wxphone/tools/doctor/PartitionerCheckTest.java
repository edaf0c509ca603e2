package dev.wxphone.tools.doctor;

import static dev.wxphone.tools.doctor.Records.openid;
import static dev.wxphone.tools.doctor.Records.with;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.Changelogs;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class PartitionerCheckTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
  private static final long AGO = NOW.minusSeconds(5).toEpochMilli();
  private static final Duration DAY = Duration.ofHours(24);

  private final PartitionerCheck seven = new PartitionerCheck("t", 7, 7);

  @Test
  void nothing_published_is_nothing_wrong() {
    assertThat(seven.finding(DAY, NOW)).isEqualTo(new Fine("partitioner", "t: no records in 24 h"));
  }

  @Test
  void records_where_the_join_looks_are_fine() {
    publish(seven, 0, 40, key -> Partitioning.of(key, 7));
    assertThat(seven.finding(DAY, NOW))
        .isEqualTo(new Fine("partitioner", "t: 40 records of 24 h, all in their partition"));
  }

  @ParameterizedTest
  @EnumSource
  void a_known_partitioner_is_told_by_what_it_misplaces(KnownPartitioner partitioner) {
    publish(seven, 0, 60, key -> partitioner.of(key, 7));
    Wrong wrong = (Wrong) seven.finding(DAY, NOW);
    assertThat(wrong.seen()).endsWith("5 s ago, as by " + partitioner.client());
    assertThat(wrong.remedy()).isEqualTo(partitioner.remedy());
  }

  @ParameterizedTest
  @CsvSource({"CRC32_UNSIGNED, 2", "CRC32_UNSIGNED, 3", "CRC32_UNSIGNED, 8", "FNV1A_ABSOLUTE, 8"})
  void with_few_partitions_too(KnownPartitioner partitioner, int partitions) {
    PartitionerCheck placement = new PartitionerCheck("t", partitions, partitions);
    publish(placement, 0, 60, key -> partitioner.of(key, partitions));
    assertThat(placement.finding(DAY, NOW).seen()).endsWith("as by " + partitioner.client());
  }

  @Test
  void the_larger_part_of_the_misplaced_ones_names_the_client() {
    publish(seven, 0, 500, key -> Partitioning.of(key, 7));
    publish(seven, 500, 60, key -> KnownPartitioner.CRC32_UNSIGNED.of(key, 7));
    publish(seven, 560, 20, key -> KnownPartitioner.FNV1A_ABSOLUTE.of(key, 7));
    assertThat(seven.finding(DAY, NOW).seen()).endsWith("as by librdkafka");
  }

  @ParameterizedTest
  @CsvSource({"2, 3", "3, 4", "8, 12", "8, 16", "12, 13", "5, 100"})
  void records_from_before_the_number_was_raised_are_no_clients_fault(int before, int now) {
    PartitionerCheck raised = new PartitionerCheck("t", now, before);
    publish(raised, 0, 200, key -> Partitioning.of(key, before));
    publish(raised, 200, 300, key -> Partitioning.of(key, now));
    Wrong wrong = (Wrong) raised.finding(DAY, NOW);
    assertThat(wrong.seen())
        .endsWith(
            ("right among %d partitions: the number was raised from about that, or they were copied"
                    + " from such a topic by partition; no client is at fault")
                .formatted(before));
    assertThat(wrong.remedy()).startsWith("move to input topics of new names");
  }

  @Test
  void where_the_state_has_the_number_that_was_raised_to_they_are_sent_on() {
    publish(seven, 0, 60, key -> Partitioning.of(key, 4));
    assertThat(((Wrong) seven.finding(DAY, NOW)).remedy())
        .isEqualTo("wxphone run sends each of them on into its partition (wxphone.reroute)");
  }

  @Test
  void a_raised_number_hides_no_client_that_misplaces_too() {
    publish(seven, 0, 60, key -> Partitioning.of(key, 4));
    publish(seven, 60, 200, key -> KnownPartitioner.CRC32_UNSIGNED.of(key, 7));
    assertThat(seven.finding(DAY, NOW).seen()).endsWith("as by librdkafka");
  }

  @Test
  void a_few_keys_do_not_tell_that_the_number_was_raised() {
    publish(seven, 0, 9, key -> Partitioning.of(key, 4));
    assertThat(seven.finding(DAY, NOW).seen()).doesNotContain("raised");
  }

  @Test
  void but_they_do_where_the_state_has_just_that_smaller_number() {
    PartitionerCheck raised = new PartitionerCheck("t", 7, 4);
    publish(raised, 0, 3, key -> Partitioning.of(key, 4));
    Wrong wrong = (Wrong) raised.finding(DAY, NOW);
    assertThat(wrong.seen()).contains("right among 4 partitions");
    assertThat(wrong.remedy()).isEqualTo(Changelogs.MOVE);
  }

  @Test
  void what_is_put_anywhere_is_nobodys() {
    Random random = new Random(7);
    publish(seven, 0, 200, key -> random.nextInt(7));
    Wrong wrong = (Wrong) seven.finding(DAY, NOW);
    assertThat(wrong.seen())
        .endsWith("by no known partitioner: at random or in turns, as kafka-go by default");
    assertThat(wrong.remedy()).contains("murmur2", "README.md");
  }

  @Test
  void one_record_says_nothing_of_who_it_was_however_often_it_comes() {
    byte[] key = openid(1);
    int wrong = (Partitioning.of(key, 7) + 1) % 7;
    for (int i = 0; i < 100; i++) {
      seven.add(Records.of(key, "", wrong, AGO));
    }
    assertThat(seven.finding(DAY, NOW).seen())
        .isEqualTo(
            "t: 100 % misplaced (100 of 100), the last one t-"
                + wrong
                + "@7 5 s ago, too few to tell by whom");
  }

  @Test
  void a_copy_that_wxphone_sent_on_is_no_record_of_a_client() {
    byte[] key = openid(1);
    seven.add(rerouted(Records.of(key, "", Partitioning.of(key, 7), AGO)));
    seven.add(rerouted(Records.of(key, "", (Partitioning.of(key, 7) + 1) % 7, AGO)));
    assertThat(seven.finding(DAY, NOW).seen()).isEqualTo("t: no records in 24 h");
  }

  @Test
  void the_null_left_behind_counts_where_compaction_has_taken_the_record() {
    byte[] key = openid(1);
    int wrong = (Partitioning.of(key, 7) + 1) % 7;
    PartitionerCheck compacted = new PartitionerCheck("t", 7, 7);
    compacted.add(leftBehind(key, wrong));
    assertThat(compacted.finding(DAY, NOW).seen()).startsWith("t: 100 % misplaced (1 of 1)");

    seven.add(Records.of(key, "", wrong, AGO));
    seven.add(leftBehind(key, wrong));
    assertThat(seven.finding(DAY, NOW).seen()).startsWith("t: 100 % misplaced (1 of 1)");
  }

  @Test
  void a_logout_in_the_wrong_partition_is_misplaced_too() {
    byte[] key = openid(1);
    seven.add(Records.of(key, null, (Partitioning.of(key, 7) + 1) % 7, AGO));
    assertThat(seven.finding(DAY, NOW)).isInstanceOf(Wrong.class);
  }

  @Test
  void what_has_no_openid_belongs_nowhere() {
    seven.add(Records.of(null, "", 1, AGO));
    seven.add(Records.of(new byte[0], "", 1, AGO));
    assertThat(seven.finding(DAY, NOW)).isInstanceOf(Fine.class);
  }

  @Test
  void what_the_processor_sends_itself_in_any_partition_is_nobodys_mistake() {
    byte[] key = "wxphone.fence".getBytes(UTF_8);
    for (int partition = 0; partition < 7; partition++) {
      seven.add(
          with(Records.of(key, null, partition, AGO), HeaderNames.REROUTED_TO, "t-" + partition));
    }
    assertThat(seven.finding(DAY, NOW)).isInstanceOf(Fine.class);
  }

  private static ConsumerRecord<byte[], byte[]> rerouted(ConsumerRecord<byte[], byte[]> record) {
    return with(record, HeaderNames.REROUTED_FROM, "t-1@1");
  }

  private static ConsumerRecord<byte[], byte[]> leftBehind(byte[] key, int partition) {
    return with(
        Records.of(key, null, partition, AGO), HeaderNames.REROUTED_TO, "t-" + (partition + 1) % 7);
  }

  private static void publish(
      PartitionerCheck placement, int from, int count, ToIntFunction<byte[]> partitioner) {
    for (int i = from; i < from + count; i++) {
      byte[] key = openid(i);
      placement.add(Records.of(key, "", partitioner.applyAsInt(key), AGO));
    }
  }
}
