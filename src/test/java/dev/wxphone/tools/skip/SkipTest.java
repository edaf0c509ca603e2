package dev.wxphone.tools.skip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.kafka.BatchReader.PackedRecord;
import dev.wxphone.kafka.OversizedRecords.Head;
import dev.wxphone.tools.skip.Skip.Skipped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SkipTest {
  private static final int BOMB = 480_000_000;
  private static final int PARTITIONS = 8;
  private static final String OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE";
  private static final int PARTITION = Partitioning.of(OPENID.getBytes(UTF_8), PARTITIONS);
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");

  private static PackedRecord packed(
      int partition, long offset, byte @Nullable [] key, int bytes, byte @Nullable [] value) {
    return new PackedRecord(
        new TopicPartition("phone-payload", partition),
        offset,
        offset + 1,
        1_764_000_000_000L,
        bytes,
        key == null ? -1 : key.length,
        key != null && key.length > InputLimits.KEY_BYTES ? null : key,
        bytes - 100,
        value,
        new RecordHeaders());
  }

  private static PackedRecord bomb(int partition, byte @Nullable [] key) {
    return packed(partition, 17, key, BOMB, null);
  }

  private static RecordCoordinates at(long offset) {
    return new RecordCoordinates("phone-payload", 3, offset);
  }

  @ParameterizedTest
  @CsvSource({
    "17, 480000000, true, ''",
    "16, 480000000, true, there is no record phone-payload-3@16: the next one of the group g is phone-payload-3@17",
    "18, 480000000, true, 'the group g has not answered what lies before phone-payload-3@18, from phone-payload-3@17 on: start wxphone run'",
    "17, 90000, false, 'phone-payload-3@17 has 90,000 bytes, which wxphone run can read: start it'",
  })
  void the_next_record_is_skipped_if_it_is_larger_than_any_that_is_accepted(
      long offset, int largest, boolean isOversized, String refusal) {
    Head head = new Head(packed(3, 17, null, BOMB, null), largest, isOversized);
    String line = Skip.refusal("g", at(offset), head);
    if (refusal.isEmpty()) {
      assertThat(line).isNull();
    } else {
      assertThat(line).startsWith(refusal).contains("wxphone run");
    }
  }

  @Test
  void without_a_record_there_is_nothing_to_skip() {
    assertThat(Skip.refusal("g", at(17), null))
        .startsWith("phone-payload-3 has no record at or behind the offset of the group g");
  }

  @Test
  void a_record_is_oversized_if_no_part_of_what_is_accepted_can_be_that_large() {
    assertThat(packed(3, 17, null, 64 * 1024 + 32 * 1024 + 512, null).isOversized()).isFalse();
    assertThat(packed(3, 17, null, 128 * 1024, null).isOversized()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "phone-payload", "phone-payload-3", "phone-payload-3@", "3@17", "a b-3@17"})
  void what_are_no_coordinates_is_wrong_usage(String argument) {
    Program.Result ended = InProcess.execute(List.of("skip", argument));
    assertThat(ended).returns(2, Program.Result::code).returns(List.of(), Program.Result::out);
    assertThat(ended.err()).hasSize(1);
  }

  @Test
  void records_of_other_topics_are_wrong_usage() {
    assertThat(InProcess.execute(List.of("skip", "user-profile-0@1")).err())
        .containsExactly(
            "wxphone: TOPIC-PARTITION@OFFSET: the topic must be phone-payload or session-key; see wxphone skip --help");
    assertThat(InProcess.execute(List.of("skip", "user-profile-0@1")).code()).isEqualTo(2);
    assertThat(InProcess.execute(List.of("skip"))).returns(2, Program.Result::code);
  }

  @Test
  void the_reason_is_the_first_that_fits() {
    byte[] openid = OPENID.getBytes(UTF_8);
    List<Reason> reasons = new ArrayList<>();
    reasons.add(payload(bomb(PARTITION, openid)).cause().reason());
    reasons.add(new SkippedRecord(bomb(PARTITION, openid), true, PARTITIONS).cause().reason());
    reasons.add(payload(bomb((PARTITION + 1) % PARTITIONS, openid)).cause().reason());
    reasons.add(payload(bomb(PARTITION, null)).cause().reason());
    reasons.add(payload(packed(PARTITION, 18, openid, 300, new byte[200])).cause().reason());
    assertThat(reasons)
        .containsExactly(
            Reason.MALFORMED_PAYLOAD,
            Reason.MALFORMED_SESSION_KEY,
            Reason.WRONG_PARTITION,
            Reason.INVALID_OPENID,
            Reason.PROCESSING_FAILED);
    assertThat(payload(bomb(PARTITION, new byte[600])).cause().detail())
        .startsWith("The record key is longer than 512 bytes, and no openid");
  }

  private static SkippedRecord payload(PackedRecord record) {
    return new SkippedRecord(record, false, PARTITIONS);
  }

  @Test
  void its_letter_withholds_the_value_and_says_its_size() {
    OutgoingDeadLetter letter = payload(bomb(PARTITION, OPENID.getBytes(UTF_8))).letter(NOW);
    assertThat(letter.key()).isEqualTo(OPENID.getBytes(UTF_8));
    assertThat(letter.value()).isNull();
    assertThat(header(letter, HeaderNames.WITHHELD)).isEqualTo("479999900");
    assertThat(header(letter, HeaderNames.RECOVERY)).isEqualTo("never");
    assertThat(header(letter, HeaderNames.SOURCE)).isEqualTo("phone-payload-" + PARTITION + "@17");
    assertThat(header(letter, HeaderNames.TIMESTAMP)).isEqualTo("1764000000000");
    assertThat(header(letter, HeaderNames.ATTEMPT)).isEqualTo("1");
    assertThat(header(letter, HeaderNames.FAILED_AT)).isEqualTo(NOW.toString());
    assertThat(header(letter, HeaderNames.DETAIL))
        .isEqualTo(
            "The record was too large to be read, once unpacked (480,000,000 bytes), and was"
                + " skipped; publish e.detail of the phone button and nothing more.");
  }

  @Test
  void one_behind_it_in_its_batch_can_be_replayed() {
    byte[] value = "{}".getBytes(UTF_8);
    PackedRecord behind = packed(PARTITION, 18, OPENID.getBytes(UTF_8), 102, value);
    OutgoingDeadLetter letter = payload(behind).letter(NOW);
    assertThat(letter.value()).isEqualTo(value);
    assertThat(header(letter, HeaderNames.RECOVERY)).isEqualTo("replay");
    assertThat(letter.headers().lastHeader(HeaderNames.WITHHELD)).isNull();
    OutgoingDeadLetter login = new SkippedRecord(behind, true, PARTITIONS).letter(NOW);
    assertThat(login.value()).isNull();
    assertThat(header(login, HeaderNames.RECOVERY)).isEqualTo("never");
    assertThat(header(login, HeaderNames.WITHHELD)).isEqualTo("2");
  }

  private static @Nullable String header(OutgoingDeadLetter letter, String name) {
    return HeaderNames.text(letter.headers(), name);
  }

  @Test
  void what_was_skipped_is_printed() {
    Skipped bomb =
        new Skipped(at(17), Reason.MALFORMED_PAYLOAD, BOMB, true, new DeadLetterId(2, 40));
    Skipped behind =
        new Skipped(at(18), Reason.PROCESSING_FAILED, 300, false, new DeadLetterId(2, 41));
    assertThat(SkipCommand.text(at(17), List.of(bomb)))
        .containsExactly(
            "phone-payload-3@17 (480,000,000 bytes) is dead letter 2@40, MALFORMED_PAYLOAD",
            "skipped; start wxphone run again");
    assertThat(SkipCommand.text(at(17), List.of(bomb, behind)))
        .contains(
            "phone-payload-3@18 (300 bytes) is dead letter 2@41, PROCESSING_FAILED",
            "1 record behind it in the batch of phone-payload-3@17: see wxphone dead-letters list");
    assertThat(SkipCommand.json(behind))
        .isEqualTo(
            "{\"record\":\"phone-payload-3@18\",\"bytes\":300,\"letter\":\"2@41\",\"reason\":\"PROCESSING_FAILED\",\"withheld\":false}");
  }
}
