package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetter;
import dev.wxphone.core.envelope.DeadLetterId;
import java.util.Set;

/**
 * Which letters an operator speaks of. An empty set is no condition.
 *
 * @param since append time from which on, milliseconds since 1970
 * @param until append time before which
 * @param again letters that were replayed or parked are offered too
 * @param maxAttempts a payload that was tried so often stays where it is
 */
public record LetterFilter(
    Set<Reason> reasons,
    Set<String> openids,
    Set<DeadLetterId> ids,
    long since,
    long until,
    boolean again,
    int maxAttempts) {

  /** How often a payload may have been tried by default. */
  public static final int MAX_ATTEMPTS = 5;

  public LetterFilter {
    reasons = Set.copyOf(reasons);
    openids = Set.copyOf(openids);
    ids = Set.copyOf(ids);
  }

  /** Only these letters, even if they were replayed or parked. */
  public static LetterFilter of(Set<DeadLetterId> ids) {
    return new LetterFilter(
        Set.of(), Set.of(), ids, Long.MIN_VALUE, Long.MAX_VALUE, true, MAX_ATTEMPTS);
  }

  /** Whether it leaves anything out. */
  public boolean isFilter() {
    return !reasons.isEmpty()
        || !openids.isEmpty()
        || !ids.isEmpty()
        || since != Long.MIN_VALUE
        || until != Long.MAX_VALUE;
  }

  /** Whether a letter is among those spoken of. */
  public boolean matches(DeadLetter letter) {
    return (reasons.isEmpty() || reasons.contains(letter.reason()))
        && (ids.isEmpty() || ids.contains(letter.id()))
        && letter.appendedAt() >= since
        && letter.appendedAt() < until
        && (openids.isEmpty()
            || (letter.key() != null && openids.contains(new String(letter.key(), UTF_8))));
  }
}
