package dev.wxphone.tools.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.letters.AssessedLetter;
import dev.wxphone.letters.LetterStatus;
import dev.wxphone.letters.LetterTopic;
import dev.wxphone.operator.TextStyle;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** How many letters there are, by reason and hour, and how they stand. */
public final class LetterStats {
  /** How soon a letter has to expire to be counted as near to it. */
  private static final long NEAR = 24 * 3600 * 1000L;

  private static final int HOURS_SHOWN = 24;
  private static final int BAR = 28;
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("MM-dd HH:mm", Locale.ROOT);
  private static final String HEADS = "%-22s%9s%9s%10s%8s%10s%10s";
  private static final String HOURS_HEADS = "%-22s%9s%9s";

  /** A cell: the letters of one reason that came in one hour. */
  private record Cell(Reason reason, Instant hour) implements Comparable<Cell> {
    private static final Comparator<Cell> ORDER =
        Comparator.comparing(Cell::reason).thenComparing(Cell::hour);

    @Override
    public int compareTo(Cell other) {
      return ORDER.compare(this, other);
    }
  }

  /** What is counted. */
  private static final class Count {
    long letters;
    long open;
    long replayed;
    long parked;
    long wouldSucceed;
    long nearExpiry;

    void add(Count other) {
      letters += other.letters;
      open += other.open;
      replayed += other.replayed;
      parked += other.parked;
      wouldSucceed += other.wouldSucceed;
      nearExpiry += other.nearExpiry;
    }
  }

  private final LetterTopic topic;
  private final long now;
  private final Map<Cell, Count> cells = new TreeMap<>();
  private long foreign;

  /**
   * Counts nothing yet.
   *
   * @param now milliseconds since 1970
   */
  public LetterStats(LetterTopic topic, long now) {
    this.topic = topic;
    this.now = now;
  }

  /** Counts a letter. */
  public void add(AssessedLetter examined) {
    Instant hour =
        Instant.ofEpochMilli(examined.letter().appendedAt()).truncatedTo(ChronoUnit.HOURS);
    Count count =
        cells.computeIfAbsent(new Cell(examined.letter().reason(), hour), cell -> new Count());
    count.letters++;
    if (examined.audit() != null) {
      boolean parked = examined.audit().action() == AuditRecord.Action.PARKED;
      count.parked += parked ? 1 : 0;
      count.replayed += parked ? 0 : 1;
    }
    count.wouldSucceed += examined.standing() == LetterStatus.WOULD_SUCCEED ? 1 : 0;
    if (examined.isOpen()) {
      count.open++;
      count.nearExpiry += topic.expiry(examined.letter().appendedAt()) - now < NEAR ? 1 : 0;
    }
  }

  /** How many letters are open and expire within a day. */
  public long nearExpiry() {
    return cells.values().stream().mapToLong(count -> count.nearExpiry).sum();
  }

  /** How many letters are open. */
  public long open() {
    return cells.values().stream().mapToLong(count -> count.open).sum();
  }

  private <K> Map<K, Count> by(Function<Cell, K> key) {
    Map<K, Count> sums = new TreeMap<>();
    cells.forEach(
        (cell, count) -> sums.computeIfAbsent(key.apply(cell), k -> new Count()).add(count));
    return sums;
  }

  /** Records on the topic that wxphone has not written: they are no letters. */
  public void foreign(long records) {
    foreign = records;
  }

  /** Tables for a person, at most 80 columns wide. */
  public List<String> text(ZoneId zone, TextStyle paint) {
    if (cells.isEmpty() && foreign == 0) {
      return List.of("no dead letters");
    }
    List<String> lines = new ArrayList<>();
    lines.add(paint.faint(HEADS.formatted("", "", "", "", "", "would", "expire")));
    lines.add(
        paint.faint(
            HEADS.formatted(
                "reason", "letters", "open", "replayed", "parked", "succeed", "in 1 d")));
    Count all = new Count();
    by(Cell::reason)
        .forEach(
            (reason, count) -> {
              lines.add(row(reason.name(), count, paint));
              all.add(count);
            });
    lines.add(row("all", all, paint));
    if (foreign > 0) {
      lines.add("beside %s records that are not wxphone's".formatted(number(foreign)));
    }
    lines.add("");
    hours(zone, lines, paint);
    return lines;
  }

  private static String row(String name, Count count, TextStyle paint) {
    UnaryOperator<String> plain = UnaryOperator.identity();
    return "%-22s".formatted(name)
        + paint.count(9, count.letters, plain)
        + paint.count(9, count.open, paint::bold)
        + paint.count(10, count.replayed, plain)
        + paint.count(8, count.parked, plain)
        + paint.count(10, count.wouldSucceed, paint::green)
        + paint.count(10, count.nearExpiry, paint::red);
  }

  private static String hour(String name, Count count, TextStyle paint) {
    return "%-22s".formatted(name)
        + paint.count(9, count.letters, UnaryOperator.identity())
        + paint.count(9, count.open, paint::bold);
  }

  private void hours(ZoneId zone, List<String> lines, TextStyle paint) {
    List<Map.Entry<Instant, Count>> hours = new ArrayList<>(by(Cell::hour).entrySet());
    int left = Math.max(0, hours.size() - HOURS_SHOWN);
    long most = hours.stream().mapToLong(hour -> hour.getValue().letters).max().orElse(1);
    lines.add(paint.faint(HOURS_HEADS.formatted("hour", "letters", "open")));
    if (left > 0) {
      Count before = new Count();
      hours.subList(0, left).forEach(hour -> before.add(hour.getValue()));
      lines.add(hour(left + " before", before, paint));
    }
    for (Map.Entry<Instant, Count> hour : hours.subList(left, hours.size())) {
      Count count = hour.getValue();
      int bar = (int) Math.max(1, count.letters * BAR / most);
      lines.add(
          hour(HOUR.format(hour.getKey().atZone(zone)), count, paint) + "  " + "█".repeat(bar));
    }
  }

  /** A JSON object for each reason and hour, each on one line. */
  public List<String> json() {
    List<String> lines = new ArrayList<>();
    cells.forEach((cell, count) -> lines.add(object(cell, count).toString()));
    if (foreign > 0) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      lines.add(object.put("reason", "not-a-letter").put("letters", foreign).toString());
    }
    return lines;
  }

  private static ObjectNode object(Cell cell, Count count) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("reason", cell.reason().name())
        .put("hour", cell.hour().toString())
        .put("letters", count.letters)
        .put("open", count.open)
        .put("replayed", count.replayed)
        .put("parked", count.parked)
        .put("wouldSucceed", count.wouldSucceed)
        .put("nearExpiry", count.nearExpiry);
  }

  static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
