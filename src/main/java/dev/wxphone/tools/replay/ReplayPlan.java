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

/**
 * What a replay would do: how many letters of each reason stand how, and which of them would be
 * sent.
 */
public final class ReplayPlan {
  private record Candidate(DeadLetterId id, long appendedAt) {}

  private static final Comparator<Candidate> OLDEST_FIRST =
      Comparator.comparingLong(Candidate::appendedAt).thenComparing(Candidate::id);

  private final Map<Reason, Map<LetterStatus, Long>> counts = new EnumMap<>(Reason.class);
  private final List<Candidate> candidates = new ArrayList<>();
  private final boolean all;
  private Set<DeadLetterId> chosen = Set.of();
  private long foreign;

  /** A plan of no letters yet. */
  ReplayPlan(boolean all) {
    this.all = all;
  }

  /**
   * Tries the selected letters.
   *
   * @param all choose those that would fail again, too
   * @param limit of those chosen, the oldest
   */
  public static ReplayPlan of(
      DeadLetters letters, LetterFilter selection, boolean all, long limit) {
    ReplayPlan plan = new ReplayPlan(all);
    letters.examine(selection, plan::add);
    plan.foreign = selection.isFilter() ? 0 : letters.foreign();
    plan.choose(limit);
    return plan;
  }

  /** Takes a letter into account. */
  void add(AssessedLetter examined) {
    count(examined);
    if (isSent(examined.standing())) {
      candidates.add(new Candidate(examined.letter().id(), examined.letter().appendedAt()));
    }
  }

  /** All are there: chooses the oldest. */
  void choose(long limit) {
    if (candidates.size() > limit) {
      candidates.sort(OLDEST_FIRST);
    }
    chosen = candidates.stream().limit(limit).map(Candidate::id).collect(Collectors.toSet());
    candidates.clear();
  }

  /** Whether letters that stand so are sent, as far as there is no limit. */
  boolean isSent(LetterStatus standing) {
    return standing == LetterStatus.WOULD_SUCCEED || (all && standing == LetterStatus.WOULD_FAIL);
  }

  private void count(AssessedLetter examined) {
    counts
        .computeIfAbsent(examined.letter().reason(), reason -> new EnumMap<>(LetterStatus.class))
        .merge(examined.standing(), 1L, Long::sum);
  }

  /** How many of each reason stand how. */
  public Map<Reason, Map<LetterStatus, Long>> counts() {
    return counts;
  }

  /** How many stand so. */
  public long count(LetterStatus standing) {
    return counts.values().stream().mapToLong(of -> of.getOrDefault(standing, 0L)).sum();
  }

  /** Records among them that are no letters of wxphone's, so not replayable either. */
  public long foreign() {
    return foreign;
  }

  /** How many more would be sent if there were no limit. */
  long beyondLimit() {
    long sendable = 0;
    for (LetterStatus standing : LetterStatus.values()) {
      sendable += isSent(standing) ? count(standing) : 0;
    }
    return sendable - size();
  }

  /** How many would be sent. */
  public int size() {
    return chosen.size();
  }

  /** Those that would be sent, a set of the caller's own. */
  Set<DeadLetterId> chosen() {
    return new HashSet<>(chosen);
  }
}
