package dev.wxphone.letters;

import dev.wxphone.cli.InstantConverter;
import dev.wxphone.cli.PositiveConverter;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that choose dead letters. */
public final class LetterFilterOptions {
  @Option(
      names = "--reason",
      paramLabel = "REASON",
      split = ",",
      description = "Letters of this reason; may be given often.")
  private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

  @Option(
      names = "--openid",
      paramLabel = "OPENID",
      description = "Letters of this user; may be given often.")
  private final Set<String> openids = new LinkedHashSet<>();

  @Option(
      names = "--id",
      paramLabel = "ID",
      split = ",",
      converter = IdConverter.class,
      description = "This letter, as partition@offset; may be given often.")
  private final Set<DeadLetterId> ids = new LinkedHashSet<>();

  @Option(
      names = "--since",
      paramLabel = "T",
      converter = InstantConverter.class,
      description =
          "Letters that came at this time or later: ISO-8601, in the local zone if it has no"
              + " offset, or a duration back from now, as in 2h.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "T",
      converter = InstantConverter.class,
      description = "Letters that came before this time.")
  private @Nullable Instant until;

  @Option(
      names = "--max-attempts",
      paramLabel = "N",
      defaultValue = "" + LetterFilter.MAX_ATTEMPTS,
      converter = PositiveConverter.class,
      description = "Don't send a payload that was tried this often (default: ${DEFAULT-VALUE}).")
  private int maxAttempts;

  /**
   * Returns the filter that the options describe.
   *
   * @param again whether letters that were replayed or parked may be replayed
   */
  public LetterFilter filter(boolean again) {
    return new LetterFilter(
        reasons,
        openids,
        ids,
        millis(since, Long.MIN_VALUE),
        millis(until, Long.MAX_VALUE),
        again,
        maxAttempts);
  }

  private static long millis(@Nullable Instant instant, long otherwise) {
    try {
      return instant == null ? otherwise : instant.toEpochMilli();
    } catch (ArithmeticException farAway) {
      return instant.getEpochSecond() < 0 ? Long.MIN_VALUE + 1 : Long.MAX_VALUE - 1;
    }
  }

  /** Converts {@code partition@offset}. */
  public static final class IdConverter implements ITypeConverter<DeadLetterId> {
    @Override
    public DeadLetterId convert(String value) {
      DeadLetterId id = DeadLetterId.parse(value);
      if (id == null) {
        throw new TypeConversionException("takes a letter's id, partition@offset, as in 3@17");
      }
      return id;
    }
  }
}
