package dev.wxphone.core.proof;

import static dev.wxphone.core.proof.Clicks.OPENID;
import static dev.wxphone.core.proof.Clicks.RECORD_TIME;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.wxphone.core.codec.ProfileWriter;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes in, a verdict comes out; it tells no secret, and no number but the right one. */
class AnyInputTest {
  private static final int INPUTS = 10_000;

  private static final SessionKey KEY = Clicks.key(1);
  private static final SessionKey OLDER = Clicks.key(2);
  private static final UserState USER =
      new UserState(List.of(KEY, OLDER), null, UserState.NEVER, UserState.NEVER);

  /** A number whose digits occur in nothing else. */
  private static final String NATIONAL = "13975316428";

  private static final Plaintexts PHONE = Plaintexts.phone("+86" + NATIONAL, NATIONAL, "86");

  /** What no verdict may show. */
  private static final List<String> SECRETS =
      List.of(
          NATIONAL,
          NATIONAL.substring(3),
          "purePhoneNumber\"",
          Clicks.base64(KEY),
          Clicks.base64(OLDER),
          HexFormat.of().formatHex(KEY.revealBytes()),
          HexFormat.of().formatHex(OLDER.revealBytes()),
          Arrays.toString(KEY.revealBytes()));

  private static final List<String> SNIPPETS =
      List.of(
          "\"",
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "null",
          "\\u0000",
          "\\ud800",
          "\\",
          "=",
          "+",
          " ",
          "%",
          "\0",
          "\uFEFF",
          "1e999",
          "-",
          "0",
          "true",
          "\"iv\":",
          "\"errMsg\":\":fail\"",
          "/*",
          "\r\n",
          "\"appid\":\"x\",",
          "\u007F",
          "\u5E26",
          "\uD83D\uDE00");

  private final PhoneProof proof = new PhoneProof(new ProofRules(Set.of(), Duration.ofDays(3)));

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {11, 12})
  void any_bytes_give_a_verdict(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < INPUTS; i++) {
      byte[] value = new byte[random.nextInt(300)];
      random.nextBytes(value);
      if (random.nextBoolean()) {
        value = ("{\"iv\":\"" + new String(value, ISO_8859_1)).getBytes(UTF_8);
      }
      assertQuiet(seed, i, proveAt(seed, i, value, random.nextLong()));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {21, 22})
  void any_ciphertext_and_iv_give_a_verdict(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < INPUTS; i++) {
      byte[] ciphertext =
          new byte[random.nextInt(10) == 0 ? random.nextInt(300) : 16 * blocks(random)];
      byte[] iv = new byte[random.nextInt(10) == 0 ? random.nextInt(40) : 16];
      random.nextBytes(ciphertext);
      random.nextBytes(iv);
      Verdict verdict =
          prove(seed, i, Clicks.under(KEY).ciphertext(c -> ciphertext).iv(v -> iv).value());
      assertThat(verdict).as(at(seed, i)).isInstanceOf(Verdict.Refused.class);
      assertQuiet(seed, i, verdict);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {31, 32, 33, 34, 35})
  void a_mutated_payload_gives_the_right_number_or_none(long seed) {
    Random random = new Random(seed);
    byte[] right = Clicks.under(OLDER).plaintext(PHONE).appid(Clicks.APPID).value();
    int proven = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] value = mutated(right, random);
      proven += assertRightNumberOrNone(seed, i, prove(seed, i, value));
    }
    assertThat(proven).as("some mutations do no harm").isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {41, 42, 43, 44, 45})
  void a_mutated_ciphertext_or_iv_gives_the_right_number_or_none(long seed) {
    Random random = new Random(seed);
    int proven = 0;
    for (int i = 0; i < INPUTS; i++) {
      Clicks click = Clicks.under(KEY).plaintext(PHONE);
      int where = random.nextInt(4);
      if (where != 0) {
        click.ciphertext(c -> mutatedBlocks(c, random));
      }
      if (where == 0 || where == 3) {
        click.iv(iv -> mutated(iv, random));
      }
      proven += assertRightNumberOrNone(seed, i, prove(seed, i, click.value()));
    }
    assertThat(proven).as("a wrong iv is mended").isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {51, 52, 53})
  void any_plaintext_gives_a_verdict(long seed) {
    Random random = new Random(seed);
    EnumSet<Reason> seen = EnumSet.noneOf(Reason.class);
    for (int i = 0; i < INPUTS; i++) {
      byte[] plaintext = mutated(PHONE.bytes(), random);
      Clicks click = Clicks.under(KEY).plaintext(plaintext);
      if (random.nextInt(3) == 0) {
        click.iv(Clicks.flip(random.nextInt(128)));
      }
      Verdict verdict = prove(seed, i, click.value());
      assertQuiet(seed, i, verdict);
      if (verdict instanceof Verdict.Refused refused) {
        seen.add(refused.reason());
      }
    }
    assertThat(seen)
        .contains(
            Reason.SESSION_KEY_STALE,
            Reason.IV_MISMATCH,
            Reason.MALFORMED_PLAINTEXT,
            Reason.WATERMARK_EXPIRED,
            Reason.INVALID_PHONE_NUMBER);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {61, 62, 63})
  void a_wrong_key_is_never_more_than_stale(long seed) {
    Random random = new Random(seed);
    byte[] right = Clicks.under(KEY).plaintext(PHONE).value();
    byte[] shortIv = Clicks.under(KEY).plaintext(PHONE).iv(iv -> Arrays.copyOf(iv, 12)).value();
    for (int i = 0; i < INPUTS / 3; i++) {
      UserState wrong =
          new UserState(
              List.of(
                  Clicks.key(random.nextLong()),
                  Clicks.key(random.nextLong()),
                  Clicks.key(random.nextLong())),
              null,
              UserState.NEVER,
              UserState.NEVER);
      assertThat(proof.prove(right, OPENID, wrong, ClickTime.ofMillis(RECORD_TIME)))
          .as(at(seed, i))
          .isEqualTo(
              new Verdict.Refused(Reason.SESSION_KEY_STALE, ProofDetails.KEY_STALE, 3, true));
      assertThat(proof.prove(shortIv, OPENID, wrong, ClickTime.ofMillis(RECORD_TIME)))
          .as(at(seed, i))
          .isEqualTo(
              new Verdict.Refused(Reason.MALFORMED_CIPHERTEXT, ProofDetails.IV_UNUSABLE, 3, true));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 71)
  void an_instance_remembers_nothing_of_the_payloads_before(long seed) {
    Random random = new Random(seed);
    byte[] right = Clicks.under(OLDER).plaintext(PHONE).value();
    Verdict before = prove(seed, -1, right);
    for (int i = 0; i < INPUTS / 10; i++) {
      prove(seed, i, mutated(right, random));
      assertThat(prove(seed, i, right)).as(at(seed, i)).isEqualTo(before);
    }
  }

  private Verdict prove(long seed, int i, byte[] value) {
    return proveAt(seed, i, value, RECORD_TIME);
  }

  private Verdict proveAt(long seed, int i, byte[] value, long time) {
    try {
      return proof.prove(value, OPENID, USER, ClickTime.ofMillis(time));
    } catch (RuntimeException | StackOverflowError e) {
      return fail(at(seed, i) + ": " + HexFormat.of().formatHex(value), e);
    }
  }

  /** 1 where it is proven. */
  private static int assertRightNumberOrNone(long seed, int i, Verdict verdict) {
    assertQuiet(seed, i, verdict);
    if (verdict instanceof Verdict.Proven proven) {
      Profile profile = proven.profile();
      assertThat(List.of(profile.e164(), profile.purePhoneNumber(), profile.countryCode()))
          .as(at(seed, i))
          .containsExactly("+86" + NATIONAL, NATIONAL, "86");
      return 1;
    }
    return 0;
  }

  private static void assertQuiet(long seed, int i, Verdict verdict) {
    String shown = verdict.toString();
    for (String secret : SECRETS) {
      if (shown.contains(secret)) {
        fail(at(seed, i) + ": shows a secret");
      }
    }
    if (verdict instanceof Verdict.Proven proven) {
      String written = new String(ProfileWriter.write(proven.profile()), UTF_8);
      assertThat(written).as(at(seed, i)).doesNotContain(SECRETS.subList(3, SECRETS.size()));
    }
  }

  private static String at(long seed, int i) {
    return "seed " + seed + ", input " + i;
  }

  private static int blocks(Random random) {
    return random.nextInt(12);
  }

  /** One to three changes, anywhere. */
  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] mutant = bytes;
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int from = random.nextInt(mutant.length + 1);
      int to = Math.min(mutant.length, from + random.nextInt(12));
      byte[] snippet = SNIPPETS.get(random.nextInt(SNIPPETS.size())).getBytes(UTF_8);
      byte[] head = Arrays.copyOf(mutant, from);
      byte[] cut = Arrays.copyOfRange(mutant, from, to);
      byte[] tail = Arrays.copyOfRange(mutant, to, mutant.length);
      mutant =
          switch (random.nextInt(6)) {
            case 0 -> mutant.length == 0 ? snippet : flipped(mutant, random);
            case 1 -> concat(head, tail);
            case 2 -> concat(head, cut, cut, tail);
            case 3 -> concat(head, snippet, tail);
            case 4 -> concat(head, snippet, cut, tail);
            default -> {
              random.nextBytes(cut);
              yield concat(head, cut, tail);
            }
          };
    }
    return mutant;
  }

  /**
   * Whole blocks swapped, repeated, cut or altered, so that the length stays one of a ciphertext.
   */
  private static byte[] mutatedBlocks(byte[] ciphertext, Random random) {
    int one = 16 * random.nextInt(ciphertext.length / 16);
    int other = 16 * random.nextInt(ciphertext.length / 16);
    byte[] mutant = ciphertext.clone();
    switch (random.nextInt(4)) {
      case 0 -> mutant = flipped(mutant, random);
      case 1 -> System.arraycopy(ciphertext, one, mutant, other, 16);
      case 2 ->
          mutant =
              concat(Arrays.copyOf(mutant, one), Arrays.copyOfRange(mutant, other, mutant.length));
      default -> {
        byte[] block = new byte[16];
        random.nextBytes(block);
        System.arraycopy(block, 0, mutant, one, 16);
      }
    }
    return mutant;
  }

  private static byte[] flipped(byte[] bytes, Random random) {
    return Clicks.flip(random.nextInt(bytes.length * 8)).apply(bytes);
  }

  private static byte[] concat(byte[]... parts) {
    byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
