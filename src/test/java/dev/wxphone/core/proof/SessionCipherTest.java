package dev.wxphone.core.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCipherTest {

  @ParameterizedTest(name = "{0} bytes of padding")
  @ValueSource(ints = {1, 2, 7, 15, 16})
  void padding_of_1_to_16_equal_bytes_is_taken_off(int count) {
    assertThat(SessionCipher.unpaddedLength(ending(32, count, count))).isEqualTo(32 - count);
  }

  @ParameterizedTest(name = "{0} times {1}")
  @CsvSource({"1, 0", "17, 17", "32, 32", "16, 127", "1, 255", "16, 240", "1, 2", "15, 16", "3, 4"})
  void all_other_padding_is_wrong(int times, int value) {
    assertThat(SessionCipher.unpaddedLength(ending(32, times, value))).isEqualTo(-1);
  }

  private static byte[] ending(int length, int times, int value) {
    byte[] padded = new byte[length];
    Arrays.fill(padded, (byte) 'x');
    Arrays.fill(padded, length - times, length, (byte) value);
    return padded;
  }
}
