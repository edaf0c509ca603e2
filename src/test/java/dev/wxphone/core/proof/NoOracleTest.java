package dev.wxphone.core.proof;

import static dev.wxphone.core.proof.Clicks.APPID;
import static dev.wxphone.core.proof.Clicks.OPENID;
import static dev.wxphone.core.proof.Clicks.RECORD_TIME;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nobody who may publish payloads learns from an answer what a known key makes of them. With {@code
 * -Dwxphone.soak=true} a million of each are tried.
 */
class NoOracleTest {
  private static final int TRIES = Boolean.getBoolean("wxphone.soak") ? 1_000_000 : 100_000;

  private static final SessionKey KEY = Clicks.key(1);
  private static final UserState USER =
      new UserState(List.of(KEY), null, UserState.NEVER, UserState.NEVER);
  private static final Verdict STALE =
      new Verdict.Refused(Reason.SESSION_KEY_STALE, ProofDetails.KEY_STALE, 1, true);

  private final PhoneProof proof = new PhoneProof(new ProofRules(Set.of(), Duration.ofDays(3)));
  private final Cipher cipher = cipher();

  /** What a known key makes of a payload. */
  private enum Kind {
    RANDOM,
    PRINTABLE,
    PRINTABLE_WITH_BRACE,
    WITHOUT_WATERMARK,
    FOREIGN_APP,
    APPID_ELSEWHERE,
    TAIL,
    ARRAY;

    byte[] plaintext(Random random) {
      String text = printable(random, random.nextInt(120));
      String quoted = Clicks.quoted(text);
      String known = "{\"appid\":\"" + APPID + "\",\"timestamp\":1477314187}";
      String foreign = known.replace(APPID, "wx0123456789abcdef");
      String made =
          switch (this) {
            case RANDOM -> null;
            case PRINTABLE -> text;
            case PRINTABLE_WITH_BRACE -> text + "}";
            case WITHOUT_WATERMARK ->
                random.nextBoolean()
                    ? "{\"phoneNumber\":" + quoted + "}"
                    : Plaintexts.phone().field("watermark", quoted).json();
            case FOREIGN_APP -> "{\"x\":" + quoted + ",\"watermark\":" + foreign + "}";
            case APPID_ELSEWHERE ->
                switch (random.nextInt(4)) {
                  case 0 -> "{\"x\":" + quoted + ",\"appid\":\"" + APPID + "\"}";
                  case 1 -> "{\"x\":" + quoted + ",\"watermark\":" + Clicks.quoted(known) + "}";
                  case 2 -> "{\"x\":" + quoted + ",\"y\":{\"watermark\":" + known + "}}";
                  default -> "{\"x\":" + quoted + ",\"watermark\":[" + known + "]}";
                };
            case TAIL ->
                text
                    + (random.nextBoolean() ? "\"," : ",")
                    + (random.nextBoolean()
                        ? "\"watermark\":" + foreign + "}"
                        : "\"countryCode\":\"86\"}");
            case ARRAY -> "[" + quoted + ",{\"watermark\":" + known + "}]";
          };
      if (made != null) {
        return made.getBytes(UTF_8);
      }
      byte[] bytes = new byte[random.nextInt(160)];
      random.nextBytes(bytes);
      return bytes;
    }

    private static String printable(Random random, int length) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append((char) (' ' + random.nextInt(95)));
      }
      return text.toString();
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Kind.class)
  void what_no_genuine_click_explains_is_stale_in_the_same_words(Kind kind) {
    long seed = kind.name().hashCode();
    System.out.println(kind + ": seed " + seed);
    Random random = new Random(seed);
    byte[] iv = new byte[16];
    for (int i = 0; i < TRIES / Kind.values().length; i++) {
      random.nextBytes(iv);
      byte[] plaintext = kind.plaintext(random);
      byte[] ciphertext = encrypt(iv, plaintext);
      if (random.nextInt(4) == 0) {
        random.nextBytes(iv);
      }
      Verdict verdict =
          proof.prove(payload(ciphertext, iv), OPENID, USER, ClickTime.ofMillis(RECORD_TIME));
      if (!verdict.equals(STALE)) {
        fail("seed %d, try %d: %s of %s", seed, i, verdict, new String(plaintext, ISO_8859_1));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = 201)
  void a_splice_of_two_clicks_gives_no_number_but_theirs(long seed) {
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[][] ivs = {new byte[16], new byte[16]};
    random.nextBytes(ivs[0]);
    random.nextBytes(ivs[1]);
    byte[][] clicks = {
      encrypt(ivs[0], Plaintexts.phone("13580006666", "13580006666", "86").bytes()),
      encrypt(ivs[1], Plaintexts.phone("+447400123456", "7400123456", "44").bytes())
    };
    int proven = 0;
    for (int i = 0; i < TRIES; i++) {
      byte[] spliced = clicks[random.nextInt(2)].clone();
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        byte[] from = clicks[random.nextInt(2)];
        int length = 16 * (1 + random.nextInt(3));
        int there = 16 * random.nextInt(from.length / 16);
        int here = 16 * random.nextInt(spliced.length / 16);
        length = Math.min(length, Math.min(from.length - there, spliced.length - here));
        System.arraycopy(from, there, spliced, here, length);
      }
      byte[] iv = random.nextInt(3) == 0 ? clicks[0] : ivs[random.nextInt(2)];
      Verdict verdict =
          proof.prove(
              payload(spliced, Arrays.copyOf(iv, 16)),
              OPENID,
              USER,
              ClickTime.ofMillis(RECORD_TIME));
      if (verdict instanceof Verdict.Proven genuine) {
        proven++;
        assertThat(genuine.profile().e164() + " " + genuine.profile().phoneNumber())
            .as("seed %d, try %d", seed, i)
            .isIn("+8613580006666 13580006666", "+447400123456 +447400123456");
      }
    }
    assertThat(proven).as("those that are whole").isPositive();
  }

  private static byte[] payload(byte[] ciphertext, byte[] iv) {
    Base64.Encoder base64 = Base64.getEncoder();
    return ("{\"encryptedData\":\""
            + base64.encodeToString(ciphertext)
            + "\",\"iv\":\""
            + base64.encodeToString(iv)
            + "\"}")
        .getBytes(UTF_8);
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/CBC/PKCS5Padding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private byte[] encrypt(byte[] iv, byte[] plaintext) {
    try {
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(KEY.revealBytes(), "AES"),
          new IvParameterSpec(iv));
      return cipher.doFinal(plaintext);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
