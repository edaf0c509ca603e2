package dev.wxphone.tools.replay;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.letters.LetterFilter;
import dev.wxphone.letters.LetterStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The letters of a replay by reason and status, and which of them would be sent. */
final class ReplayPlan {
  private record Candidate(DeadLetterId id, long appendedAt) {}

  private static final Comparator<Candidate> OLDEST_FIRST =
      Comparator.comparingLong(Candidate::appendedAt).thenComparing(Candidate::id);

  private final Map<Reason, Map<LetterStatus, Long>> counts = new EnumMap<>(Reason.class);
  private final List<Candidate> candidates = new ArrayList<>();
  private final boolean all;
  private Set<DeadLetterId> chosen = Set.of();
  private long unreadable;

  /** Creates a plan of no letters. */
  ReplayPlan(boolean all) {
    this.all = all;
  }

  /**
   * Assesses the letters that pass the filter, and chooses which to send.
   *
   * @param all whether to choose those that would fail again, too
   * @param limit the maximum number to choose, the oldest first
   */
  static ReplayPlan of(DeadLetters letters, LetterFilter filter, boolean all, long limit) {
    ReplayPlan plan = new ReplayPlan(all);
    letters.assess(filter, plan::add);
    plan.unreadable = filter.isRestricted() ? 0 : letters.unreadable();
    plan.choose(limit);
    return plan;
  }

  /** Adds a letter. */
  void add(AssessedLetter assessed) {
    count(assessed);
    if (isSent(assessed.status())) {
      candidates.add(new Candidate(assessed.letter().id(), assessed.letter().appendedAt()));
    }
  }

  /** Chooses the oldest of the letters that were added. */
  void choose(long limit) {
    if (candidates.size() > limit) {
      candidates.sort(OLDEST_FIRST);
    }
    chosen = candidates.stream().limit(limit).map(Candidate::id).collect(Collectors.toSet());
    candidates.clear();
  }

  /** Returns whether letters of a status are sent, if the limit allows it. */
  boolean isSent(LetterStatus status) {
    return status == LetterStatus.WOULD_SUCCEED || (all && status == LetterStatus.WOULD_FAIL);
  }

  private void count(AssessedLetter assessed) {
    counts
        .computeIfAbsent(assessed.letter().reason(), reason -> new EnumMap<>(LetterStatus.class))
        .merge(assessed.status(), 1L, Long::sum);
  }

  /** Returns the number of letters by reason and status. */
  Map<Reason, Map<LetterStatus, Long>> counts() {
    return counts;
  }

  /** Returns the number of letters of a status. */
  long count(LetterStatus status) {
    return counts.values().stream().mapToLong(of -> of.getOrDefault(status, 0L)).sum();
  }

  /** Returns the number of records that wxphone has not written, which are not replayable. */
  long unreadable() {
    return unreadable;
  }

  /** Returns how many more would be sent without the limit. */
  long beyondLimit() {
    long sendable = 0;
    for (LetterStatus status : LetterStatus.values()) {
      sendable += isSent(status) ? count(status) : 0;
    }
    return sendable - size();
  }

  /** Returns the number of letters that would be sent. */
  int size() {
    return chosen.size();
  }

  /** Returns a copy of the ids of those that would be sent. */
  Set<DeadLetterId> chosen() {
    return new HashSet<>(chosen);
  }
}
