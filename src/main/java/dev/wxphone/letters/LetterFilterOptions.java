package dev.wxphone.letters;

import dev.wxphone.cli.InstantConverter;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.DeadLetterId;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Which dead letters a command speaks of. */
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
      converter = Id.class,
      description = "This letter, as partition@offset; may be given often.")
  private final Set<DeadLetterId> ids = new LinkedHashSet<>();

  @Option(
      names = "--since",
      paramLabel = "T",
      converter = InstantConverter.class,
      description =
          "Letters that came at this time or later: ISO-8601, in the local zone where it has no"
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
      description =
          "A letter whose payload was tried so often stays where it is (default: ${DEFAULT-VALUE}).")
  private int maxAttempts;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** Those asked for. */
  public LetterFilter selection(boolean again) {
    if (maxAttempts < 1) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(), "--max-attempts takes 1 or more");
    }
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

  /** {@code partition@offset}. */
  public static final class Id implements ITypeConverter<DeadLetterId> {
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
