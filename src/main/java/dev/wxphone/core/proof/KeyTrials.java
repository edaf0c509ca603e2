package dev.wxphone.core.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wxphone.core.codec.Ciphertext;
import dev.wxphone.core.codec.PhoneClaim;
import dev.wxphone.core.codec.Plaintext;
import dev.wxphone.core.codec.PlaintextReader;
import dev.wxphone.core.codec.UsualReader;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.domain.Verdict.Proven;
import dev.wxphone.core.domain.Verdict.Refused;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The trials of all keys of an openid on one click, newest first; the first success counts. */
final class KeyTrials {
  /** How far a watermark may lie after its record, in milliseconds: clocks differ. */
  private static final long AHEAD = 5 * 60_000;

  /** How nearly every plaintext begins: one block to the byte, so it is known without the iv. */
  private static final byte[] FIRST_BLOCK = "{\"phoneNumber\":\"".getBytes(US_ASCII);

  private static final byte[] NO_IV = new byte[Ciphertext.BLOCK];

  private final ProofRules rules;
  private final SessionCipher cipher;
  private final UsualReader usualReader;
  private final Ciphertext ciphertext;
  private final String openid;
  private final UserState user;
  private final ClickTime clickTime;
  private final Set<Repair> repairs;

  /**
   * Creates the trials of a click.
   *
   * @param clickTime by the click's record
   */
  KeyTrials(
      ProofRules rules,
      SessionCipher cipher,
      UsualReader usualReader,
      Ciphertext ciphertext,
      String openid,
      UserState user,
      ClickTime clickTime) {
    this.rules = rules;
    this.cipher = cipher;
    this.usualReader = usualReader;
    this.ciphertext = ciphertext;
    this.openid = openid;
    this.user = user;
    this.clickTime = clickTime;
    this.repairs = EnumSet.noneOf(Repair.class);
    repairs.addAll(ciphertext.repairs());
    if (clickTime.inSeconds()) {
      repairs.add(Repair.TIMESTAMP_IN_SECONDS);
    }
  }

  /** Tries the keys and returns the verdict. */
  Verdict verdict() {
    byte[] iv = ciphertext.iv();
    boolean ivFits = iv != null;
    List<SessionKey> keys = user.keys();
    byte[][] decrypted = new byte[keys.size()][];
    KeyResult.Failure[] failures = new KeyResult.Failure[keys.size()];
    for (int age = 0; age < keys.size(); age++) {
      byte[] padded = cipher.decrypt(keys.get(age), iv == null ? NO_IV : iv, ciphertext.data());
      decrypted[age] = padded;
      KeyResult result = ivFits ? check(padded, age) : stale();
      if (result instanceof KeyResult.Success success) {
        return new Proven(success.profile());
      }
      failures[age] = (KeyResult.Failure) result;
    }
    // The last of all repairs, so after every key was tried with the iv as given.
    for (int age = 0; age < keys.size(); age++) {
      KeyResult result = checkIgnoringIv(decrypted[age], age, failures[age]);
      if (result instanceof KeyResult.Success success) {
        return new Proven(success.profile());
      }
      failures[age] = (KeyResult.Failure) result;
    }
    return refused(failures, ivFits);
  }

  private static Refused refused(KeyResult.Failure[] failures, boolean ivFits) {
    KeyResult.Failure furthest =
        failures.length == 0
            ? new KeyResult.Failure(Reason.SESSION_KEY_MISSING, ProofDetails.KEY_MISSING)
            : failures[0];
    for (KeyResult.Failure failure : failures) {
      if (failure.furtherThan(furthest)) {
        furthest = failure;
      }
    }
    boolean keyAwaited = furthest.reason().compareTo(Reason.SESSION_KEY_STALE) <= 0;
    return ivFits
        ? new Refused(furthest.reason(), furthest.detail(), failures.length, keyAwaited)
        : new Refused(
            Reason.MALFORMED_CIPHERTEXT, ProofDetails.IV_UNUSABLE, failures.length, keyAwaited);
  }

  private KeyResult check(byte[] padded, int age) {
    int length = SessionCipher.unpaddedLength(padded);
    return length < 0 ? stale() : check(read(padded, length), age);
  }

  private Plaintext read(byte[] padded, int length) {
    PhoneClaim usual = usualReader.plaintext(padded, length);
    return usual == null ? PlaintextReader.read(padded, length) : new Plaintext.Phone(usual);
  }

  private KeyResult check(Plaintext plaintext, int age) {
    if (plaintext instanceof Plaintext.Phone phone) {
      boolean known = isKnown(phone.claim().watermark().appid(), age);
      return known ? check(phone.claim(), age) : stale();
    }
    return plaintext instanceof Plaintext.Other other && isKnown(other.appid(), age)
        ? new KeyResult.Failure(Reason.MALFORMED_PLAINTEXT, ProofDetails.NO_PHONE)
        : stale();
  }

  /**
   * Returns whether the appid is that of the key or one of ours: nothing else shows that WeChat
   * wrote the plaintext.
   */
  private boolean isKnown(@Nullable String appid, int age) {
    return appid != null
        && (appid.equals(user.keys().get(age).appid()) || rules.appids().contains(appid));
  }

  private KeyResult check(PhoneClaim claim, int age) {
    String mismatch = appidMismatch(claim.watermark().appid(), user.keys().get(age).appid());
    if (mismatch != null) {
      return new KeyResult.Failure(Reason.APPID_MISMATCH, mismatch);
    }
    long made = claim.watermark().timestamp() * 1000;
    if (clickTime.millis() - made > rules.watermarkMaxAge().toMillis()) {
      return new KeyResult.Failure(Reason.WATERMARK_EXPIRED, ProofDetails.CLICK_TOO_OLD);
    }
    if (made - clickTime.millis() > AHEAD) {
      return new KeyResult.Failure(
          Reason.WATERMARK_EXPIRED,
          clickTime.isImpossible() ? ProofDetails.RECORD_TIME_WRONG : ProofDetails.CLICK_AHEAD);
    }
    PhoneNumbers.Enrichment known = PhoneNumbers.enrich(claim);
    if (known == null) {
      return new KeyResult.Failure(Reason.INVALID_PHONE_NUMBER, ProofDetails.NO_NUMBER);
    }
    return new KeyResult.Success(
        new Profile(
            openid,
            user.unionid(),
            claim.watermark().appid(),
            claim.phoneNumber(),
            claim.purePhoneNumber(),
            claim.countryCode(),
            known.e164(),
            known.region(),
            known.numberType(),
            claim.watermark(),
            age,
            List.copyOf(repairs)));
  }

  /** Returns how the appids differ, as a sentence for an operator, or null if they agree. */
  private @Nullable String appidMismatch(String appid, @Nullable String appidOfKey) {
    if (appidOfKey != null && !appid.equals(appidOfKey)) {
      return ProofDetails.NOT_APP_OF_KEY;
    }
    if (!rules.appids().isEmpty() && !rules.appids().contains(appid)) {
      return ProofDetails.NOT_OUR_APP;
    }
    return ciphertext.appid() != null && !appid.equals(ciphertext.appid())
        ? ProofDetails.NOT_APP_OF_PAYLOAD
        : null;
  }

  /**
   * Checks what a key decrypted with the first block replaced by the usual one: in CBC a wrong iv
   * garbles that block only.
   *
   * @param given the failure with the iv as given
   */
  private KeyResult checkIgnoringIv(byte[] padded, int age, KeyResult.Failure given) {
    int length = SessionCipher.unpaddedLength(padded);
    boolean readAsGiven = given.reason().compareTo(Reason.MALFORMED_PLAINTEXT) > 0;
    if (readAsGiven || length < Ciphertext.BLOCK || padded.length == Ciphertext.BLOCK) {
      return given;
    }
    byte[] repaired = padded.clone();
    System.arraycopy(FIRST_BLOCK, 0, repaired, 0, FIRST_BLOCK.length);
    if (read(repaired, length) instanceof Plaintext.Phone phone
        && isKnown(phone.claim().watermark().appid(), age)) {
      repairs.add(Repair.IV_IGNORED);
      KeyResult result = check(phone.claim(), age);
      return result instanceof KeyResult.Success ? result : ivMismatch();
    }
    boolean unread = given.reason() == Reason.SESSION_KEY_STALE;
    return unread && isKnown(PlaintextReader.appidInRest(padded, Ciphertext.BLOCK, length), age)
        ? ivMismatch()
        : given;
  }

  private static KeyResult.Failure stale() {
    return new KeyResult.Failure(Reason.SESSION_KEY_STALE, ProofDetails.KEY_STALE);
  }

  private static KeyResult.Failure ivMismatch() {
    return new KeyResult.Failure(Reason.IV_MISMATCH, ProofDetails.WRONG_IV);
  }
}
