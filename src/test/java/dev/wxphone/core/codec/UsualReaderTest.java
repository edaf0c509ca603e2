package dev.wxphone.core.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import dev.wxphone.core.domain.Repair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the reader of usual clicks reads anything, the readers of all clicks read the same. */
class UsualReaderTest {
  private static final int INPUTS = 250_000;

  /** At least so many of them are usual, and so many are not: else the test would show little. */
  private static final int OF_EACH = INPUTS / 10;

  private static final List<String> SNIPPETS =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\\",
          "\\\"",
          "\\u0041",
          "\\ud800",
          "null",
          "true",
          "-1",
          "0",
          "01",
          "00",
          "1.5",
          "1e3",
          "123456789012345",
          "1234567890123456",
          "=",
          "==",
          "+",
          "/",
          "-",
          "_",
          " ",
          "%2B",
          "\t",
          "\r\n",
          "\u000B",
          "\0",
          "\u001F",
          "\u007F",
          "\uFEFF",
          "带",
          "\uD83D\uDE00",
          "{}",
          "{\"\":{}}",
          "\"\":\"\"",
          "\"iv\":\"\",",
          "\"appid\":\"wx1\",",
          "\"appid\":1,",
          "\"errno\":0,",
          "\"errno\":104,",
          "\"errMsg\":\"getPhoneNumber:ok\",",
          "\"errMsg\":\"getPhoneNumber:fail user deny\",",
          "\"timestamp\":1,",
          "\"watermark\":{},",
          "\"encryptedData\":",
          "\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":5,\"f\":6,\"g\":7,\"h\":8,");

  private final UsualReader reader = new UsualReader();

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void payloads_are_read_alike(long seed) {
    Random random = new Random(seed);
    int usuals = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] value = mutated(random, payload(random));
      Ciphertext usual = reader.payload(value);
      if (usual != null) {
        usuals++;
        assertSame(usual, PayloadReader.read(value), "seed " + seed + ", input " + i);
      }
    }
    assertThat(usuals).isBetween(OF_EACH, INPUTS - OF_EACH);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {3, 4})
  void plaintexts_are_read_alike(long seed) {
    Random random = new Random(seed);
    int usuals = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] bytes = mutated(random, plaintext(random));
      int length = random.nextInt(8) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
      PhoneClaim usual = reader.plaintext(bytes, length);
      if (usual != null) {
        usuals++;
        assertThatObject(PlaintextReader.read(bytes, length))
            .as("seed %d, input %d: %s", seed, i, new String(bytes, 0, length, UTF_8))
            .isEqualTo(new Plaintext.Phone(usual));
      }
    }
    assertThat(usuals).isBetween(OF_EACH, INPUTS - OF_EACH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"errMsg\":\"getPhoneNumber:ok\",\"encryptedData\":\"%s\",\"iv\":\"%s\"}",
        "{\"encryptedData\":\"%s\",\"iv\":\"%s\"}",
        "{ \"appid\" : \"wx1\" ,\r\n\t\"encryptedData\" : \"%s\", \"iv\": \"%s\" }\n",
        "{\"cloudID\":\"38_x\",\"code\":\"e3b0\",\"at\":17,\"encryptedData\":\"%s\",\"iv\":\"%s\",\"u\":{\"iv\":1}}",
      })
  void a_payload_as_clients_make_it_is_usual(String json) {
    String data = base64(new byte[32]);
    byte[] value = json.formatted(data, base64(new byte[16])).getBytes(UTF_8);
    Ciphertext usual = Objects.requireNonNull(reader.payload(value), json);
    assertSame(usual, PayloadReader.read(value), json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"phoneNumber\":\"+86 1\",\"purePhoneNumber\":\"1\",\"countryCode\":\"86\",\"watermark\":{\"timestamp\":1,\"appid\":\"wx1\"}}",
        "{\"watermark\":{\"appid\":\"wx1\",\"timestamp\":123456789012345,\"x\":\"\"},\"countryCode\":86,\"purePhoneNumber\":\"1\",\"phoneNumber\":\"2\"}",
      })
  void a_plaintext_as_wechat_makes_it_is_usual(String json) {
    assertThat(reader.plaintext(json.getBytes(UTF_8), json.length())).isNotNull();
  }

  private static void assertSame(Ciphertext usual, Payload read, String as) {
    assertThatObject(read).as(as).isInstanceOf(Payload.Click.class);
    Payload.Click click = (Payload.Click) read;
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    repairs.addAll(click.repairs());
    String iv = Objects.requireNonNull(click.iv(), as);
    assertThat(usual.data())
        .as(as)
        .isEqualTo(Base64Text.decode(click.encryptedData(), Ciphertext::isWhole, repairs));
    assertThat(usual.iv())
        .as(as)
        .isEqualTo(Base64Text.decode(iv, length -> length == Ciphertext.BLOCK, repairs));
    assertThat(usual.appid()).as(as).isEqualTo(click.appid());
    assertThat(repairs).as(as).isEmpty();
    assertThat(usual.repairs()).as(as).isEmpty();
  }

  private static String payload(Random random) {
    List<String> fields = new ArrayList<>();
    fields.add("\"encryptedData\":\"" + base64(bytes(random, 16 * (1 + random.nextInt(3)))) + '"');
    fields.add("\"iv\":\"" + base64(bytes(random, 16)) + '"');
    maybe(random, fields, "\"errMsg\":\"getPhoneNumber:ok\"");
    maybe(random, fields, "\"appid\":\"wx" + random.nextInt(10) + '"');
    maybe(random, fields, "\"code\":\"c\"");
    maybe(random, fields, "\"cloudID\":" + random.nextInt(100));
    return object(random, fields);
  }

  private static String plaintext(Random random) {
    String national = Long.toString(10_000_000_000L + random.nextInt(1_000_000));
    List<String> watermark = new ArrayList<>();
    watermark.add("\"appid\":\"wx1\"");
    watermark.add("\"timestamp\":" + random.nextInt(2_000_000_000));
    List<String> fields = new ArrayList<>();
    fields.add("\"phoneNumber\":\"" + (random.nextBoolean() ? "+86" : "") + national + '"');
    fields.add("\"purePhoneNumber\":\"" + national + '"');
    fields.add("\"countryCode\":" + (random.nextBoolean() ? "86" : "\"86\""));
    fields.add("\"watermark\":" + object(random, watermark));
    maybe(random, fields, "\"openId\":\"o1\"");
    return object(random, fields);
  }

  private static void maybe(Random random, List<String> fields, String field) {
    if (random.nextInt(3) == 0) {
      fields.add(field);
    }
  }

  private static String object(Random random, List<String> fields) {
    if (random.nextInt(4) == 0) {
      Collections.shuffle(fields, random);
    }
    String blank = random.nextInt(4) == 0 ? " " : "";
    return "{" + blank + String.join("," + blank, fields) + blank + "}" + blank;
  }

  /** Cuts, doubles, replaces and inserts, up to three times, at random places. */
  private static byte[] mutated(Random random, String text) {
    StringBuilder mutated = new StringBuilder(text);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(mutated.length() + 1);
      int to = Math.min(mutated.length(), at + random.nextInt(4));
      String snippet = SNIPPETS.get(random.nextInt(SNIPPETS.size()));
      switch (random.nextInt(5)) {
        case 0 -> mutated.delete(at, to);
        case 1 -> mutated.insert(at, mutated.substring(at, Math.min(mutated.length(), at + 20)));
        case 2 -> mutated.replace(at, to, Character.toString(random.nextInt(256)));
        case 3 -> mutated.insert(at, snippet);
        default -> mutated.insert(1, snippet);
      }
      if (mutated.length() == 0) {
        mutated.append(' ');
      }
    }
    return mutated.toString().getBytes(UTF_8);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
