package dev.wxphone.stream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outputs that a {@link RandomScenario} must have. It decrypts nothing: it knows under which
 * key each click was encrypted, and computes the answer from that.
 */
final class ExpectedOutputs {
  private static final long MAX_AGE = Duration.ofDays(3).toMillis();
  private static final long AHEAD = Duration.ofMinutes(5).toMillis();

  /** The kind of a click, whatever its key. */
  enum Kind {
    GOOD,
    WRONG_IV,
    SHORT_IV,
    WRONG_IV_OF_ANOTHER_ORDER,
    USER_INFO,
    OTHER_APP,
    NO_NUMBER,
    CUT,
    DENIED,
    UNBOUND,
    CODE_ALONE,
    REFUSED,
    NOT_JSON
  }

  /** A published payload, and all that its answer depends on. */
  record Click(
      String source,
      Sent sent,
      String openid,
      Kind kind,
      int key,
      long watermark,
      String phoneNumber,
      long timestamp,
      int attempt,
      long deadline) {}

  /** The state of an openid. */
  static final class Known {
    final List<Integer> keys = new ArrayList<>();
    final List<Click> waiting = new ArrayList<>();
    @Nullable String unionid;
    long newestWatermark = Long.MIN_VALUE;
    @Nullable Long forgottenAt;
  }

  /** An output, as far as it is predictable. */
  private record Expected(String source, String what) {}

  private final List<Expected> profiles = new ArrayList<>();
  private final List<Expected> letters = new ArrayList<>();
  private final List<Expected> copies = new ArrayList<>();
  private final List<Expected> keyCopies = new ArrayList<>();
  private final List<Answer> seen = new ArrayList<>();
  private final List<Answer> rerouted = new ArrayList<>();

  private static boolean forgotten(Click click, Known user) {
    return user.forgottenAt != null && click.timestamp <= user.forgottenAt;
  }

  private static boolean needsKey(Kind kind) {
    return switch (kind) {
      case CUT, DENIED, UNBOUND, CODE_ALONE, REFUSED, NOT_JSON -> false;
      default -> true;
    };
  }

  /** Returns whether a click could be proven by a session key that is not known yet. */
  static boolean awaitsKey(Click click, Known user) {
    return needsKey(click.kind) && !user.keys.contains(click.key) && !forgotten(click, user);
  }

  /** Expects the null that removes a profile. */
  void profileRemoved(String source, String openid) {
    profiles.add(new Expected(source, openid + " null"));
  }

  /** Expects a dead letter of a record that is not a click. */
  void letter(String source, Reason reason) {
    letters.add(new Expected(source, reason + " 0 1"));
  }

  /** Expects a copy of a misplaced payload. */
  void copy(String source, int partition) {
    copies.add(new Expected(source, "" + partition));
  }

  /** Expects a copy of a misplaced session key, or the placeholder that names where it went. */
  void sessionKeyCopy(String source, int partition) {
    keyCopies.add(new Expected(source, "" + partition));
  }

  /** Every answer to a payload, profiles in order. */
  List<Answer> seen() {
    return seen;
  }

  /** Every copy of a payload. */
  List<Answer> rerouted() {
    return rerouted;
  }

  /** Expects the answer to a click. */
  void answer(Click click, Known user) {
    int age = user.keys.indexOf(click.key);
    int all = user.keys.size();
    boolean ivIgnored = click.kind == Kind.WRONG_IV || click.kind == Kind.SHORT_IV;
    switch (click.kind) {
      case NOT_JSON -> letter(click, Reason.MALFORMED_PAYLOAD, 0);
      case UNBOUND -> letter(click, Reason.PHONE_NOT_BOUND, 0);
      case CODE_ALONE -> letter(click, Reason.CODE_ONLY, 0);
      case DENIED -> letter(click, Reason.USER_DENIED, 0);
      case REFUSED -> letter(click, Reason.WECHAT_REFUSED, 0);
      case CUT -> letter(click, Reason.MALFORMED_CIPHERTEXT, 0);
      default -> {
        if (age < 0) {
          letter(click, withoutKey(click, user), all);
          return;
        }
        Reason refusal = withKey(click);
        if (refusal != null) {
          letter(click, refusal, all);
        } else if (superseded(click, user)) {
          letter(click, Reason.SUPERSEDED, ivIgnored ? all : age + 1);
        } else {
          user.newestWatermark = click.watermark;
          String unionid = user.unionid == null ? "" : user.unionid;
          profiles.add(
              new Expected(
                  click.source,
                  "%s %s %d %d %d %s %s"
                      .formatted(
                          click.openid,
                          click.phoneNumber,
                          click.watermark,
                          age,
                          click.timestamp,
                          unionid,
                          ivIgnored ? "[\"iv-ignored\"]" : "")));
        }
      }
    }
  }

  private static Reason withoutKey(Click click, Known user) {
    if (forgotten(click, user)) {
      return Reason.SUPERSEDED;
    }
    if (click.kind == Kind.SHORT_IV) {
      return Reason.MALFORMED_CIPHERTEXT;
    }
    return user.keys.isEmpty() ? Reason.SESSION_KEY_MISSING : Reason.SESSION_KEY_STALE;
  }

  /** Why a click is refused though its key is known. */
  private static @Nullable Reason withKey(Click click) {
    long late = click.timestamp - click.watermark * 1000;
    boolean expired = late > MAX_AGE || -late > AHEAD;
    return switch (click.kind) {
      case USER_INFO -> Reason.MALFORMED_PLAINTEXT;
      case WRONG_IV_OF_ANOTHER_ORDER -> Reason.IV_MISMATCH;
      case OTHER_APP -> Reason.APPID_MISMATCH;
      case NO_NUMBER -> expired ? Reason.WATERMARK_EXPIRED : Reason.INVALID_PHONE_NUMBER;
      case WRONG_IV -> expired ? Reason.IV_MISMATCH : null;
      case SHORT_IV -> expired ? Reason.MALFORMED_CIPHERTEXT : null;
      default -> expired ? Reason.WATERMARK_EXPIRED : null;
    };
  }

  private static boolean superseded(Click click, Known user) {
    return click.watermark < user.newestWatermark
        || forgotten(click, user)
        || (user.forgottenAt != null && click.watermark < Math.floorDiv(user.forgottenAt, 1000));
  }

  private void letter(Click click, Reason reason, int keysTried) {
    letters.add(new Expected(click.source, reason + " " + keysTried + " " + click.attempt));
  }

  // ---- the outputs of the stream

  /** Compares the outputs since the last time with those expected since. */
  void compare(TestStream stream) {
    List<Expected> seenProfiles = new ArrayList<>();
    for (Answer profile : stream.profiles()) {
      seenProfiles.add(
          new Expected(
              profile.source(),
              profile.value() == null ? profile.openid() + " null" : described(profile)));
      if (profile.value() != null) {
        seen.add(profile);
      }
    }
    assertThat(seenProfiles).isEqualTo(profiles);
    List<Expected> seenLetters = new ArrayList<>();
    for (Answer letter : stream.letters()) {
      seenLetters.add(
          new Expected(
              letter.source(),
              letter.reason()
                  + " "
                  + letter.header(HeaderNames.KEYS_TRIED)
                  + " "
                  + letter.header(HeaderNames.ATTEMPT)));
      if (letter.source().startsWith(TestStream.PAYLOADS)) {
        seen.add(letter);
      }
    }
    assertThat(seenLetters).isEqualTo(letters);
    assertCopies(stream.payloadCopies(), copies, rerouted);
    assertCopies(stream.sessionKeyCopies(), keyCopies, new ArrayList<>());
    profiles.clear();
    letters.clear();
    copies.clear();
    keyCopies.clear();
  }

  private static String described(Answer profile) {
    return "%s %s %d %d %d %s %s"
        .formatted(
            profile.openid(),
            profile.phoneNumber(),
            profile.json().path("watermark").path("timestamp").longValue(),
            profile.sessionKeyAge(),
            profile.timestamp(),
            profile.json().path("unionid").asText(""),
            profile.json().has("repairs") ? profile.json().path("repairs").toString() : "");
  }

  private static void assertCopies(List<Answer> out, List<Expected> expected, List<Answer> all) {
    List<Expected> seen = new ArrayList<>();
    for (Answer copy : out) {
      String from = copy.header(HeaderNames.REROUTED_FROM);
      String to = copy.header(HeaderNames.REROUTED_TO);
      seen.add(new Expected(String.valueOf(from == null ? to : from), "" + copy.partition()));
    }
    assertThat(seen).isEqualTo(expected);
    all.addAll(out);
  }
}
