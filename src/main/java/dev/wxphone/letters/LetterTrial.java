package dev.wxphone.letters;

import dev.wxphone.core.codec.StrictUtf8;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.PayloadJudge;
import org.jspecify.annotations.Nullable;

/**
 * Tries letters with the processor's own code against what is known of their openids now, one after
 * the other: after a payload that would become a profile, an older one would not.
 */
final class LetterTrial {
  private final Settings settings;
  private final KnownUsers users;
  private final int partitions;
  private final PayloadJudge judge;

  /**
   * Creates a trial.
   *
   * @param partitions of {@code phone-payload}
   */
  LetterTrial(Settings settings, KnownUsers users, int partitions) {
    this.settings = settings;
    this.users = users;
    this.partitions = partitions;
    this.judge = PayloadJudge.of(settings.answerRules());
  }

  /** Returns what the processor would answer to the payload of a letter. */
  Verdict of(DeadLetter letter) {
    String openid = openid(letter);
    UserState user = openid == null ? UserState.UNKNOWN : users.of(openid);
    Verdict verdict =
        judge.trial(
            letter.received(settings.topics().phonePayload(), partitions),
            letter.appendedAt(),
            user,
            partitions);
    if (openid != null && verdict instanceof Verdict.Proven proven) {
      users.published(openid, proven.profile().watermark());
    }
    return verdict;
  }

  /** Returns the openid of a letter, or null if its key is none. */
  static @Nullable String openid(DeadLetter letter) {
    return letter.key() == null ? null : StrictUtf8.decode(letter.key());
  }
}
