package dev.wxphone.tools.publish;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  @Test
  void lines_end_with_a_line_feed_or_with_the_input() throws IOException {
    assertThat(lines("")).isEmpty();
    assertThat(lines("a")).containsExactly("a");
    assertThat(lines("a\n")).containsExactly("a");
    assertThat(lines("\n\na\r\nb\n\n")).containsExactly("", "", "a\r", "b", "");
  }

  @Test
  void a_byte_order_mark_at_the_beginning_is_no_part_of_the_first_line() throws IOException {
    assertThat(lines("\uFEFFa\n\uFEFFb")).containsExactly("a", "\uFEFFb");
  }

  @Test
  void a_line_of_any_length_takes_bounded_memory() throws IOException {
    LineReader lines =
        new LineReader(new ByteArrayInputStream(("x".repeat(1_000_000) + "\ny").getBytes(UTF_8)));
    assertThat(lines.next()).hasSize(Line.MAX_BYTES + 1);
    assertThat(lines.next()).isEqualTo(new byte[] {'y'});
    assertThat(lines.number()).isEqualTo(2);
    assertThat(lines.next()).isNull();
  }

  private static List<String> lines(String input) throws IOException {
    LineReader lines = new LineReader(new ByteArrayInputStream(input.getBytes(UTF_8)));
    List<String> read = new ArrayList<>();
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      read.add(new String(line, UTF_8));
      assertThat(lines.number()).isEqualTo(read.size());
    }
    return read;
  }
}
