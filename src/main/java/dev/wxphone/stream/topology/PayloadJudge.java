package dev.wxphone.stream.topology;

import dev.wxphone.core.codec.ProfileWriter;
import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.proof.PhoneProof;
import org.jspecify.annotations.Nullable;

/**
 * Judges payloads: the proof, the limit on stale payloads, and unexpected exceptions as {@code
 * PROCESSING_FAILED}. It writes nothing, so an exception affects a single payload. Not thread-safe.
 */
public final class PayloadJudge {
  private final TopologyDependencies.Prover prover;
  private final AnswerRules rules;

  PayloadJudge(TopologyDependencies.Prover prover, AnswerRules rules) {
    this.prover = prover;
    this.rules = rules;
  }

  /** Returns a judge like the stream's. */
  public static PayloadJudge of(AnswerRules rules) {
    return new PayloadJudge(TopologyDependencies.of(rules).provers().get(), rules);
  }

  /**
   * A verdict and the answer's bytes.
   *
   * @param profile the JSON of the profile; null if the payload is refused
   */
  public record Outcome(Verdict verdict, byte @Nullable [] profile) {
    /** Returns whether a session key that is not known yet could still prove the payload. */
    boolean keyAwaited() {
      return verdict instanceof Verdict.Refused refused && refused.keyAwaited();
    }
  }

  /**
   * Judges a payload that has not been tried with the newest session key yet. If too many payloads
   * of the openid were stale under that key, the proof gets no key, so the verdict reveals nothing
   * of one.
   *
   * @param now the processor's time, in milliseconds since 1970: a sender chooses that of a record
   */
  Outcome judgeLimited(ReceivedRecord payload, UserState user, long now) {
    if (user.keys().isEmpty() || !user.hasTooManyStale(now, rules.sessionFailures())) {
      return judge(payload, user, now);
    }
    Outcome outcome = judge(payload, user.withoutKeys(), now);
    return outcome.keyAwaited() ? new Outcome(PhoneProof.untried(), null) : outcome;
  }

  /**
   * Returns the user's state after an outcome of {@link #judgeLimited}. A payload that is
   * superseded by a forgetting and would be stale otherwise counts too: its sender chose the time
   * that makes it older. So does a wrong iv that could not be ignored: where a flipped bit of the
   * first block leaves the rest an object and where not tells what the rest is, one try each.
   *
   * @param now the processor's time, in milliseconds since 1970
   */
  UserState countStale(Outcome outcome, UserState user, long now) {
    boolean counts =
        outcome.verdict() instanceof Verdict.Refused refused
            && refused.keysTried() > 0
            && (refused.keyAwaited()
                || refused.reason() == Reason.IV_MISMATCH
                || refused.equals(PhoneProof.forgotten(refused.keysTried())));
    return counts ? user.stale(now, rules.sessionFailures()) : user.withoutFutureStale(now);
  }

  /**
   * Judges a payload that was admitted, with all keys of its user.
   *
   * @param now the processor's time, in milliseconds since 1970
   */
  public Outcome judge(ReceivedRecord payload, UserState user, long now) {
    try {
      ClickTime clickTime = ClickTime.of(payload.origin().timestamp(), now);
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
   * Judges the payload of a dead letter as if it were replayed: the admission, then the proof.
   *
   * @param appendedAt when the letter was appended, in milliseconds since 1970: its click was
   *     before, whatever time it states
   * @param partitions the number of partitions of the topic to which it would be replayed
   */
  public Verdict trial(ReceivedRecord payload, long appendedAt, UserState user, int partitions) {
    Admission admission =
        Admission.of(payload, Reason.MALFORMED_PAYLOAD, partitions, rules.reroute());
    if (admission instanceof Admission.Rejected rejected) {
      return new Verdict.Refused(rejected.cause().reason(), rejected.cause().detail(), 0, false);
    }
    Outcome outcome = judge(payload, user, appendedAt);
    boolean readable = outcome.verdict() instanceof Verdict.Proven || outcome.keyAwaited();
    return readable && appendedAt <= user.forgottenAt()
        ? PhoneProof.forgotten(0)
        : outcome.verdict();
  }

  /**
   * Returns the detail for an unexpected exception. It names the class only: the message may quote
   * the input.
   */
  static String unforeseen(Throwable thrown) {
    String name = thrown.getClass().getName();
    return "Reading it failed with an unexpected exception ("
        + name
        + "); report it, and replay it or publish it again after an update.";
  }
}
