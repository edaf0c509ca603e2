package dev.wxphone.stream.topology;

import dev.wxphone.core.codec.ProfileWriter;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.settings.Settings;
import org.jspecify.annotations.Nullable;

/**
 * What a payload amounts to, whatever it holds: the proof, and around it what nobody foresaw. All
 * that can go wrong comes before any write, so a bug costs one payload its answer and no more. Not
 * thread-safe.
 */
public final class PayloadJudge {
  private final TopologyDependencies.Prover prover;
  private final int failures;

  /**
   * @param failures how many payloads of an openid may be stale in a day
   */
  PayloadJudge(TopologyDependencies.Prover prover, int failures) {
    this.prover = prover;
    this.failures = failures;
  }

  /** One that goes by these settings, as the stream does. */
  public static PayloadJudge of(Settings settings) {
    return new PayloadJudge(
        TopologyDependencies.of(settings).provers().get(), settings.sessionFailures());
  }

  /**
   * A verdict, and of a profile its bytes.
   *
   * @param profile null where the verdict is another
   */
  public record Outcome(Verdict verdict, byte @Nullable [] profile) {
    /** Whether a session key that is not known yet could still prove it. */
    boolean keyAwaited() {
      return verdict instanceof Verdict.Refused refused && refused.keyAwaited();
    }
  }

  /**
   * Judges a payload that meets the newest session key for the first time. Whoever has had too many
   * that were stale is told nothing more of the keys, so the proof does not get them.
   *
   * @param now by our clock: a record's time is its sender's choice
   */
  Outcome first(ReceivedRecord payload, UserState user, long now) {
    if (!user.triedTooOften(now, failures)) {
      return judge(payload, user);
    }
    Outcome outcome = judge(payload, user.withoutKeys());
    return outcome.keyAwaited() ? new Outcome(PhoneProof.untried(), null) : outcome;
  }

  /**
   * What is known of the user after that. One that would be stale but for a forgetting counts too:
   * its sender chose the time that makes it older.
   */
  UserState counted(Outcome outcome, UserState user, long now) {
    boolean counts =
        outcome.verdict() instanceof Verdict.Refused refused
            && refused.keysTried() > 0
            && (refused.keyAwaited() || refused.equals(PhoneProof.forgotten(refused.keysTried())));
    return counts ? user.stale(now, failures) : user.noneAfter(now);
  }

  /** Judges a payload that was admitted. */
  public Outcome judge(ReceivedRecord payload, UserState user) {
    try {
      long clickTime = payload.origin().timestamp();
      Verdict verdict = prover.prove(payload.value(), payload.openid(), user, clickTime);
      return verdict instanceof Verdict.Proven proven
          ? new Outcome(verdict, ProfileWriter.write(proven.profile()))
          : new Outcome(verdict, null);
    } catch (RuntimeException | StackOverflowError unforeseen) {
      String detail = unforeseen(unforeseen);
      int keys = user.keys().size();
      return new Outcome(new Verdict.Refused(Reason.PROCESSING_FAILED, detail, keys, false), null);
    }
  }

  /**
   * Judges the payload of a dead letter from its envelope on: one that does not come so far has its
   * reason too.
   *
   * @param cameBy when the letter came, in milliseconds since 1970: its click was before, whatever
   *     time it states
   */
  public Verdict trial(
      ReceivedRecord payload, long cameBy, UserState user, Settings settings, int partitions) {
    Admission admission =
        Admission.of(payload, Reason.MALFORMED_PAYLOAD, partitions, settings.reroute());
    if (admission instanceof Admission.Rejected rejected) {
      return new Verdict.Refused(rejected.cause().reason(), rejected.cause().detail(), 0, false);
    }
    Outcome outcome = judge(payload, user);
    boolean readable = outcome.verdict() instanceof Verdict.Proven || outcome.keyAwaited();
    return readable && cameBy <= user.forgottenAt() ? PhoneProof.forgotten(0) : outcome.verdict();
  }

  /** Its message may quote the input, and its stack trace holds its message: the class, no more. */
  static String unforeseen(Throwable thrown) {
    String name = thrown.getClass().getName();
    return "Reading it failed in a way that nobody foresaw ("
        + name
        + "); report it, and replay it or publish it again after an update.";
  }
}
