package dev.wxphone.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * An instant: ISO-8601, in the local zone if it has no offset, a date alone being its start; or a
 * duration back from now.
 */
public final class InstantConverter implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String value) {
    return read(value, Instant.now(), ZoneId.systemDefault());
  }

  static Instant read(String value, Instant now, ZoneId zone) {
    Duration ago = DurationConverter.read(value);
    try {
      if (ago != null) {
        return now.minus(ago);
      }
      if (!value.contains("T")) {
        return LocalDate.parse(value).atStartOfDay(zone).toInstant();
      }
      TemporalAccessor read =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              value, ZonedDateTime::from, LocalDateTime::from);
      return read instanceof ZonedDateTime zoned
          ? zoned.toInstant()
          : ((LocalDateTime) read).atZone(zone).toInstant();
    } catch (DateTimeException | ArithmeticException none) {
      throw new TypeConversionException(
          "takes an instant, as in 2026-01-31T08:15 or 2026-01-31T08:15:00+08:00, or a duration"
              + " back from now, as in 90s, 15m, 2h or 7d");
    }
  }
}
