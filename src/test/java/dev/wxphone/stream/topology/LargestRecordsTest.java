package dev.wxphone.stream.topology;

import static dev.wxphone.stream.topology.TestStream.AWAY;
import static dev.wxphone.stream.topology.TestStream.OPENID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.stream.store.UserStateFormat;
import dev.wxphone.topics.Changelogs;
import dev.wxphone.topics.TopicRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is written at the most, against what each topic has to take before the stream starts. */
class LargestRecordsTest {
  /** Of characters that take four bytes each in UTF-8. */
  private static final String LONGEST_ID = "\ud83d\ude00".repeat(InputLimits.ID_CHARACTERS);

  private static final SessionKey KEY = Clicks.key(1);

  @Test
  void the_largest_state_of_an_openid_is_far_below_what_its_changelog_takes() {
    List<SessionKey> keys = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      keys.add(SessionKey.of(new byte[SessionKey.LENGTH], LONGEST_ID));
    }
    byte[] state = UserStateFormat.write(new UserState(keys, LONGEST_ID, 0, 0));
    assertThat(InputLimits.KEY_BYTES + state.length).isLessThan(TopicRequirements.OTHER_BYTES / 8);
  }

  @Test
  void the_largest_payload_fits_while_it_waits_and_as_a_profile() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(largest(OPENID));
      Map.Entry<Bytes, byte[]> waiting = stream.stored(Changelogs.WAITING).firstEntry();
      assertThat(
              batchBytes(waiting.getKey().get(), waiting.getValue(), new RecordHeaders().toArray()))
          .isGreaterThan(InputLimits.VALUE_BYTES + InputLimits.HEADER_BYTES * 9 / 10)
          .isLessThan(TopicRequirements.OTHER_BYTES);
      stream.login(KEY);
      requireRoom(stream.profile());
    }
  }

  @Test
  void the_largest_rerouted_copy_fits() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(largest(AWAY));
      assertThat(stream.payloadCopies()).singleElement().satisfies(this::requireRoom);
    }
  }

  /** A full value, and as many headers as may be, of as many bytes. */
  private static Sent largest(String openid) {
    Clicks click = Clicks.under(KEY);
    int room = InputLimits.VALUE_BYTES - click.field("filler", "\"\"").value().length;
    click.field("filler", "\"" + "f".repeat(room) + "\"");
    Headers headers = new RecordHeaders();
    for (int i = 0; i < InputLimits.HEADERS; i++) {
      headers.add("h", new byte[InputLimits.HEADER_BYTES / InputLimits.HEADERS - 1]);
    }
    return new Sent(openid.getBytes(UTF_8), click.value(), headers, null);
  }

  private void requireRoom(Answer seen) {
    assertThat(batchBytes(seen.key(), seen.value(), seen.record().headers().toArray()))
        .isGreaterThan(InputLimits.HEADER_BYTES * 9 / 10)
        .isLessThan(TopicRequirements.OTHER_BYTES);
  }

  private static int batchBytes(byte @Nullable [] key, byte @Nullable [] value, Header[] headers) {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        (byte) 2, CompressionType.NONE, key, value, headers);
  }
}
