package dev.wxphone.stream.store;

import static dev.wxphone.topics.Changelogs.USERS;
import static dev.wxphone.topics.Changelogs.WAITING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wxphone.core.proof.Clicks;
import dev.wxphone.stream.topology.Sent;
import dev.wxphone.stream.topology.TestStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

/** A program that does not know what another version stored stops, and harms nothing. */
class StoredFormatsTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final Bytes MARK = Bytes.wrap(new byte[] {(byte) 0xFF});

  private static byte[] change(byte[] stored, int at, int to) {
    byte[] changed = stored.clone();
    changed[at] = (byte) to;
    return changed;
  }

  /** A program of another key would not find what is stored. */
  @Test
  void the_keys_of_both_stores_are_these() {
    try (TestStream stream = TestStream.start()) {
      stream.login(Clicks.key(1));
      stream.click(Clicks.key(2));
      String openid = HEX.formatHex(TestStream.OPENID.getBytes(UTF_8));
      assertThat(stream.stored(USERS).keySet())
          .extracting(key -> HEX.formatHex(key.get()))
          .containsExactly(openid, "ff");
      assertThat(stream.stored(WAITING).keySet())
          .extracting(key -> HEX.formatHex(key.get()))
          .containsExactly("0002" + openid + "0000000000000000");
    }
  }

  @Test
  void users_of_another_version_stop_the_start() {
    try (TestStream stream = TestStream.start()) {
      stream.login(Clicks.key(1));
      stream.stop();
      byte[] mark = stream.stored(USERS).get(MARK);
      assertThat(mark).containsExactly(2);
      for (byte[] unknown : new byte[][] {{0}, {3}, {-1}, {}}) {
        stream.stored(USERS).put(MARK, unknown);
        assertThatThrownBy(stream::resume).hasRootCauseInstanceOf(UnknownFormatException.class);
      }
      stream.stored(USERS).put(MARK, new byte[] {2});
      stream.resume();
      stream.click(Clicks.key(1));
      stream.profile();
    }
  }

  @Test
  void one_user_of_another_version_stops_the_stream_when_it_is_read() {
    try (TestStream stream = TestStream.start()) {
      stream.login(Clicks.key(1));
      stream
          .stored(USERS)
          .replaceAll((key, value) -> key.equals(MARK) ? value : change(value, 0, 9));
      assertThatThrownBy(() -> stream.click(Clicks.key(1)))
          .hasRootCauseInstanceOf(UnknownFormatException.class);
    }
  }

  @Test
  void a_waiting_payload_of_another_version_stops_the_start() {
    try (TestStream stream = TestStream.start()) {
      stream.click(Clicks.key(1));
      stream.stop();
      Map.Entry<Bytes, byte[]> waiting = stream.stored(WAITING).firstEntry();
      for (int version : new int[] {0, 2, 255}) {
        stream.stored(WAITING).put(waiting.getKey(), change(waiting.getValue(), 0, version));
        assertThatThrownBy(stream::resume).hasRootCauseInstanceOf(UnknownFormatException.class);
      }
      stream.stored(WAITING).put(waiting.getKey(), waiting.getValue());
      stream.resume();
      stream.login(Clicks.key(1));
      stream.profile();
    }
  }

  @Test
  void a_waiting_payload_cut_short_anywhere_stops_the_start() {
    try (TestStream stream = TestStream.start()) {
      stream.payload(Sent.of(TestStream.OPENID, Clicks.under(Clicks.key(1))).header("a", "1"));
      byte[] whole = stream.stored(WAITING).firstEntry().getValue();
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        assertThatThrownBy(() -> WaitingPayloadFormat.read(cut))
            .isInstanceOfAny(IllegalStateException.class, UnknownFormatException.class);
      }
      assertThat(WaitingPayloadFormat.write(WaitingPayloadFormat.read(whole))).isEqualTo(whole);
    }
  }
}
