package dev.wxphone.core.proof;

import dev.wxphone.core.codec.Base64Text;
import dev.wxphone.core.codec.Ciphertext;
import dev.wxphone.core.codec.Payload;
import dev.wxphone.core.codec.PayloadReader;
import dev.wxphone.core.codec.PhoneClaim;
import dev.wxphone.core.codec.UsualReader;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.domain.Verdict.Proven;
import dev.wxphone.core.domain.Verdict.Refused;
import dev.wxphone.core.domain.Watermark;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a payload is a click of its user: lengths, strict padding, strict UTF-8, one
 * strict JSON object, the phone fields and the watermark, its appid, its time, the three numbers
 * against each other. CBC has no MAC and a wrong key passes the padding once in 258 tries, so
 * nothing less proves a key. Each of the openid's keys is tried, newest first ({@link KeyTrials}).
 *
 * <p>CBC without a MAC is malleable too: an answer that distinguished garbage from garbage would
 * let a sender decrypt and forge, block by block. So whatever a key makes of a payload, short of
 * one strict JSON object with the watermark of a known app, is a stale key, in the same words.
 *
 * <p>The same arguments give the same verdict. Not thread-safe: an instance keeps a cipher.
 */
public final class PhoneProof {
  private final ProofRules rules;
  private final SessionCipher cipher = new SessionCipher();
  private final UsualReader usualReader = new UsualReader();

  public PhoneProof(ProofRules rules) {
    this.rules = rules;
  }

  /** Loads the metadata of phone numbers, which would delay the first profile by about 300 ms. */
  public static void warmUp() {
    PhoneNumbers.enrich(new PhoneClaim("4000000", "4000000", "86", new Watermark("", 0)));
  }

  /**
   * Returns the verdict on a payload.
   *
   * @param value the value as received
   * @param openid the record's key
   * @param user the state of the openid
   * @param clickTime by the click's record
   */
  public Verdict prove(
      byte @Nullable [] value, String openid, UserState user, ClickTime clickTime) {
    Ciphertext usual = usualReader.payload(value);
    if (usual != null) {
      return prove(usual, openid, user, clickTime);
    }
    Payload payload = PayloadReader.read(value);
    if (payload instanceof Payload.Unusable unusable) {
      return new Refused(unusable.reason(), unusable.detail(), 0, false);
    }
    Payload.Click click = (Payload.Click) payload;
    Ciphertext ciphertext = decode(click);
    return ciphertext == null
        ? checkOrder(malformed(click.encryptedData()), user, clickTime.millis())
        : prove(ciphertext, openid, user, clickTime);
  }

  private Verdict prove(Ciphertext ciphertext, String openid, UserState user, ClickTime clickTime) {
    Verdict verdict =
        new KeyTrials(rules, cipher, usualReader, ciphertext, openid, user, clickTime).verdict();
    return checkOrder(verdict, user, clickTime.millis());
  }

  /** Returns the verdict on a click made before its person was forgotten. */
  public static Refused forgotten(int keysTried) {
    return new Refused(Reason.SUPERSEDED, ProofDetails.FORGOTTEN, keysTried, false);
  }

  /** Returns the verdict on a payload that is not tried since too many before it were stale. */
  public static Refused untried() {
    return new Refused(Reason.SESSION_KEY_STALE, ProofDetails.UNTRIED, 0, false);
  }

  /** Returns what a click encrypts, or null if its text is no ciphertext even after repair. */
  private static @Nullable Ciphertext decode(Payload.Click click) {
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    repairs.addAll(click.repairs());
    byte[] data = Base64Text.decode(click.encryptedData(), Ciphertext::isWhole, repairs);
    if (data == null) {
      return null;
    }
    byte[] iv =
        click.iv() == null
            ? null
            : Base64Text.decode(click.iv(), length -> length == Ciphertext.BLOCK, repairs);
    return new Ciphertext(data, iv, click.appid(), repairs);
  }

  private static Refused malformed(String encryptedData) {
    boolean base64 =
        Base64Text.decode(encryptedData, length -> true, EnumSet.noneOf(Repair.class)) != null;
    String detail = base64 ? ProofDetails.NOT_WHOLE_BLOCKS : ProofDetails.DATA_NOT_BASE64;
    return new Refused(Reason.MALFORMED_CIPHERTEXT, detail, 0, false);
  }

  /** Supersedes a verdict if the person was forgotten, or a newer profile published, since. */
  private static Verdict checkOrder(Verdict verdict, UserState user, long clickTime) {
    boolean forgotten = clickTime <= user.forgottenAt();
    if (verdict instanceof Proven proven) {
      Watermark watermark = proven.profile().watermark();
      // Before the iv is ignored, every key has been tried with it.
      int keysTried =
          proven.profile().repairs().contains(Repair.IV_IGNORED)
              ? user.keys().size()
              : proven.profile().sessionKeyAge() + 1;
      // Watermarks are in seconds: within the second of the forgetting the record's time decides.
      forgotten |=
          user.forgottenAt() != UserState.NEVER
              && watermark.timestamp() < Math.floorDiv(user.forgottenAt(), 1000);
      if (forgotten) {
        return forgotten(keysTried);
      }
      if (watermark.timestamp() < user.newestWatermark()) {
        return new Refused(Reason.SUPERSEDED, ProofDetails.NEWER_PROFILE, keysTried, false);
      }
    } else if (verdict instanceof Refused refused && refused.keyAwaited() && forgotten) {
      return forgotten(refused.keysTried());
    }
    return verdict;
  }
}
