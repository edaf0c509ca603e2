package dev.wxphone.core.proof;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.wxphone.core.codec.Base64Text;
import dev.wxphone.core.codec.Payload;
import dev.wxphone.core.codec.PayloadReader;
import dev.wxphone.core.codec.PhoneClaim;
import dev.wxphone.core.codec.Plaintext;
import dev.wxphone.core.codec.PlaintextReader;
import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.domain.Verdict.Proven;
import dev.wxphone.core.domain.Verdict.Refused;
import dev.wxphone.core.domain.Watermark;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The proof that a payload is a click of its user: lengths, strict padding, strict UTF-8, one
 * strict JSON object, the phone fields and the watermark, its appid, its time, the three numbers
 * against each other. CBC has no MAC and a wrong key passes the padding once in 258 tries, so
 * nothing less proves a key. Each of the openid's keys is tried, newest first.
 *
 * <p>CBC without a MAC is malleable too: an answer that told garbage from garbage would let a
 * sender decrypt and forge, block by block. So all that a key makes of a payload, short of one
 * strict JSON object with the watermark of a known app, is a stale key, in the same words.
 *
 * <p>The same arguments give the same verdict. An instance is not thread-safe: it keeps a cipher.
 */
public final class PhoneProof {
  private static final long MINUTE = 60_000;

  /** How far a watermark may lie after its record, in milliseconds: clocks differ. */
  private static final long AHEAD = 5 * MINUTE;

  /** What nearly every plaintext begins with: one block to the byte, so it is known without iv. */
  private static final byte[] FIRST_BLOCK = "{\"phoneNumber\":\"".getBytes(US_ASCII);

  private static final byte[] NO_IV = new byte[SessionCipher.BLOCK];

  private final ProofRules rules;
  private final SessionCipher cipher = new SessionCipher();

  public PhoneProof(ProofRules rules) {
    this.rules = rules;
  }

  /** Loads what the first enrichment would have to wait for, about 300 ms. */
  public static void warmUp() {
    PhoneNumbers.enrich(new PhoneClaim("4000000", "4000000", "86", new Watermark("", 0)));
  }

  /**
   * The verdict on one payload.
   *
   * @param value as it was received
   * @param openid the record's key
   * @param user what is known of the openid
   * @param clickTime the time of the click's record, in milliseconds since 1970
   */
  public Verdict prove(byte @Nullable [] value, String openid, UserState user, long clickTime) {
    Payload payload = PayloadReader.read(value);
    if (payload instanceof Payload.Unusable unusable) {
      return new Refused(unusable.reason(), unusable.detail(), 0, false);
    }
    Verdict verdict = open((Payload.Click) payload, openid, user, clickTime);
    return inOrder(verdict, user, clickTime);
  }

  /** The verdict on a click that came before its person was forgotten, whatever time it states. */
  public static Refused forgotten(int keysTried) {
    return new Refused(Reason.SUPERSEDED, ProofDetails.FORGOTTEN, keysTried, false);
  }

  /**
   * The verdict on a payload of which the keys are not tried any more, since too many were stale.
   */
  public static Refused untried() {
    return new Refused(Reason.SESSION_KEY_STALE, ProofDetails.UNTRIED, 0, false);
  }

  /** The newest watermark wins, and what was forgotten stays forgotten. */
  private static Verdict inOrder(Verdict verdict, UserState user, long clickTime) {
    boolean forgotten = clickTime <= user.forgottenAt();
    if (verdict instanceof Proven proven) {
      Watermark watermark = proven.profile().watermark();
      // Before an iv is ignored, every key has had its try with it.
      int keysTried =
          proven.profile().repairs().contains(Repair.IV_IGNORED)
              ? user.keys().size()
              : proven.profile().sessionKeyAge() + 1;
      // Seconds against seconds: a click in the very second of the forgetting is told by its
      // record.
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

  private Verdict open(Payload.Click click, String openid, UserState user, long clickTime) {
    Set<Repair> repairs = EnumSet.noneOf(Repair.class);
    byte[] ciphertext = Base64Text.decode(click.encryptedData(), repairs);
    byte[] iv = Base64Text.decode(click.iv(), repairs);
    if (ciphertext == null || iv == null) {
      return malformed(
          ciphertext == null ? ProofDetails.DATA_NOT_BASE64 : ProofDetails.IV_NOT_BASE64);
    }
    if (ciphertext.length == 0 || ciphertext.length % SessionCipher.BLOCK != 0) {
      return malformed(ProofDetails.NOT_WHOLE_BLOCKS);
    }
    Attempts attempts = new Attempts(click, openid, user, clickTime, ciphertext, iv, repairs);
    return attempts.verdict();
  }

  private static Refused malformed(String detail) {
    return new Refused(Reason.MALFORMED_CIPHERTEXT, detail, 0, false);
  }

  /** What one key made of the ciphertext. */
  private sealed interface Attempt {
    record Success(Profile profile) implements Attempt {}

    record Failure(Reason reason, String detail) implements Attempt {
      /** Reasons are declared in the order of the proof. */
      boolean furtherThan(Failure other) {
        return reason.compareTo(other.reason) > 0;
      }
    }
  }

  /** One ciphertext against all keys. */
  private final class Attempts {
    private final Payload.Click click;
    private final String openid;
    private final UserState user;
    private final long clickTime;
    private final byte[] ciphertext;
    private final byte[] iv;
    private final boolean ivFits;
    private final Set<Repair> repairs;

    Attempts(
        Payload.Click click,
        String openid,
        UserState user,
        long clickTime,
        byte[] ciphertext,
        byte[] iv,
        Set<Repair> repairs) {
      this.click = click;
      this.openid = openid;
      this.user = user;
      this.clickTime = clickTime;
      this.ciphertext = ciphertext;
      this.iv = iv;
      this.ivFits = iv.length == SessionCipher.BLOCK;
      this.repairs = repairs;
    }

    Verdict verdict() {
      List<SessionKey> keys = user.keys();
      List<byte[]> opened = new ArrayList<>(keys.size());
      List<Attempt.Failure> failures = new ArrayList<>(keys.size());
      for (int age = 0; age < keys.size(); age++) {
        byte[] padded = cipher.decrypt(keys.get(age), ivFits ? iv : NO_IV, ciphertext);
        opened.add(padded);
        Attempt attempt = ivFits ? check(padded, age) : stale();
        if (attempt instanceof Attempt.Success success) {
          return new Proven(success.profile());
        }
        failures.add((Attempt.Failure) attempt);
      }
      // Last of all repairs, so after every key had its try with the iv as given.
      for (int age = 0; age < keys.size(); age++) {
        Attempt attempt = ignoringIv(opened.get(age), age, failures.get(age));
        if (attempt instanceof Attempt.Success success) {
          return new Proven(success.profile());
        }
        failures.set(age, (Attempt.Failure) attempt);
      }
      return refused(failures);
    }

    private Verdict refused(List<Attempt.Failure> failures) {
      Attempt.Failure furthest =
          failures.isEmpty()
              ? new Attempt.Failure(Reason.SESSION_KEY_MISSING, ProofDetails.KEY_MISSING)
              : failures.get(0);
      for (Attempt.Failure failure : failures) {
        if (failure.furtherThan(furthest)) {
          furthest = failure;
        }
      }
      boolean keyAwaited = furthest.reason().compareTo(Reason.SESSION_KEY_STALE) <= 0;
      return ivFits
          ? new Refused(furthest.reason(), furthest.detail(), failures.size(), keyAwaited)
          : new Refused(
              Reason.MALFORMED_CIPHERTEXT,
              ProofDetails.IV_NOT_ONE_BLOCK,
              failures.size(),
              keyAwaited);
    }

    private Attempt check(byte[] padded, int age) {
      int length = SessionCipher.unpaddedLength(padded);
      return length < 0 ? stale() : check(PlaintextReader.read(padded, length), age);
    }

    private Attempt check(Plaintext plaintext, int age) {
      if (plaintext instanceof Plaintext.Phone phone) {
        boolean known = isKnown(phone.claim().watermark().appid(), age);
        return known ? check(phone.claim(), age) : stale();
      }
      return plaintext instanceof Plaintext.Other other && isKnown(other.appid(), age)
          ? new Attempt.Failure(Reason.MALFORMED_PLAINTEXT, ProofDetails.NO_PHONE)
          : stale();
    }

    /**
     * Whether it is the app of the key, or one of ours: nothing else shows that WeChat wrote it.
     */
    private boolean isKnown(@Nullable String appid, int age) {
      return appid != null
          && (appid.equals(user.keys().get(age).appid()) || rules.appids().contains(appid));
    }

    private Attempt check(PhoneClaim claim, int age) {
      String mismatch = appidMismatch(claim.watermark().appid(), user.keys().get(age).appid());
      if (mismatch != null) {
        return new Attempt.Failure(Reason.APPID_MISMATCH, mismatch);
      }
      long made = claim.watermark().timestamp() * 1000;
      if (clickTime - made > rules.watermarkMaxAge().toMillis()) {
        return new Attempt.Failure(Reason.WATERMARK_EXPIRED, ProofDetails.CLICK_TOO_OLD);
      }
      if (made - clickTime > AHEAD) {
        return new Attempt.Failure(Reason.WATERMARK_EXPIRED, ProofDetails.CLICK_AHEAD);
      }
      PhoneNumbers.Enrichment known = PhoneNumbers.enrich(claim);
      if (known == null) {
        return new Attempt.Failure(Reason.INVALID_PHONE_NUMBER, ProofDetails.NO_NUMBER);
      }
      return new Attempt.Success(
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

    private @Nullable String appidMismatch(String appid, @Nullable String appidOfKey) {
      if (appidOfKey != null && !appid.equals(appidOfKey)) {
        return ProofDetails.NOT_APP_OF_KEY;
      }
      if (!rules.appids().isEmpty() && !rules.appids().contains(appid)) {
        return ProofDetails.NOT_OUR_APP;
      }
      return click.appid() != null && !appid.equals(click.appid())
          ? ProofDetails.NOT_APP_OF_PAYLOAD
          : null;
    }

    /**
     * The same key without the iv. In CBC a wrong iv garbles the first block alone, and that one is
     * known.
     */
    private Attempt ignoringIv(byte[] padded, int age, Attempt.Failure given) {
      int length = SessionCipher.unpaddedLength(padded);
      boolean readAsGiven = given.reason().compareTo(Reason.MALFORMED_PLAINTEXT) > 0;
      if (readAsGiven || length < SessionCipher.BLOCK || padded.length == SessionCipher.BLOCK) {
        return given;
      }
      byte[] mended = padded.clone();
      System.arraycopy(FIRST_BLOCK, 0, mended, 0, FIRST_BLOCK.length);
      if (PlaintextReader.read(mended, length) instanceof Plaintext.Phone phone
          && isKnown(phone.claim().watermark().appid(), age)) {
        repairs.add(Repair.IV_IGNORED);
        Attempt attempt = check(phone.claim(), age);
        return attempt instanceof Attempt.Success ? attempt : ivMismatch();
      }
      boolean unread = given.reason() == Reason.SESSION_KEY_STALE;
      return unread
              && isKnown(PlaintextReader.appidInRest(padded, SessionCipher.BLOCK, length), age)
          ? ivMismatch()
          : given;
    }

    private static Attempt.Failure stale() {
      return new Attempt.Failure(Reason.SESSION_KEY_STALE, ProofDetails.KEY_STALE);
    }

    private static Attempt.Failure ivMismatch() {
      return new Attempt.Failure(Reason.IV_MISMATCH, ProofDetails.WRONG_IV);
    }
  }
}
