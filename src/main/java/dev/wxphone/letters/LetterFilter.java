package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import java.util.Set;

/**
 * Which letters a command is about. An empty set is no condition.
 *
 * @param since the first append time, milliseconds since 1970
 * @param until the append time after the last
 * @param again whether letters that were replayed or parked may be replayed
 * @param maxAttempts a payload with this number of attempts is not replayed
 */
public record LetterFilter(
    Set<Reason> reasons,
    Set<String> openids,
    Set<DeadLetterId> ids,
    long since,
    long until,
    boolean again,
    int maxAttempts) {

  /** The default of {@code maxAttempts}. */
  public static final int MAX_ATTEMPTS = 5;

  public LetterFilter {
    reasons = Set.copyOf(reasons);
    openids = Set.copyOf(openids);
    ids = Set.copyOf(ids);
  }

  /** Returns a filter of these letters, even if they were replayed or parked. */
  public static LetterFilter of(Set<DeadLetterId> ids) {
    return new LetterFilter(
        Set.of(), Set.of(), ids, Long.MIN_VALUE, Long.MAX_VALUE, true, MAX_ATTEMPTS);
  }

  /** Returns whether it has a condition. */
  public boolean isRestricted() {
    return !reasons.isEmpty()
        || !openids.isEmpty()
        || !ids.isEmpty()
        || since != Long.MIN_VALUE
        || until != Long.MAX_VALUE;
  }

  /** Returns whether a letter meets all conditions. */
  public boolean matches(DeadLetter letter) {
    return (reasons.isEmpty() || reasons.contains(letter.reason()))
        && (ids.isEmpty() || ids.contains(letter.id()))
        && letter.appendedAt() >= since
        && letter.appendedAt() < until
        && (openids.isEmpty()
            || (letter.key() != null && openids.contains(new String(letter.key(), UTF_8))));
  }
}
