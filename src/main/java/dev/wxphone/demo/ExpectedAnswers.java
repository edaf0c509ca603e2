package dev.wxphone.demo;

import dev.wxphone.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Compares the answers to the simulator's traffic with those that it must have. */
final class ExpectedAnswers {
  /** The longest time from when a login is due until the broker has it. */
  private static final Duration MAX_PUBLISH_DELAY = Duration.ofSeconds(2);

  /** Watermarks have the scheduled time, and a busy machine publishes long after that. */
  private static final Duration MAX_SCHEDULE_DELAY = Duration.ofHours(1);

  /** What a setting must be so that the simulator knows every answer. */
  private record Requirement(Setting<?> setting, Predicate<Settings> isMet) {}

  private static final List<Requirement> REQUIREMENTS =
      List.of(
          new Requirement(
              Setting.APPIDS,
              settings ->
                  settings.appids().isEmpty() || settings.appids().contains(Simulator.APPID)),
          new Requirement(
              Setting.SESSION_KEYS,
              settings -> settings.sessionKeys() >= Simulator.MAX_SESSIONS_PER_USER),
          new Requirement(
              Setting.SESSION_WAIT,
              settings ->
                  settings
                          .sessionWait()
                          .compareTo(Simulator.MAX_LOGIN_DELAY.plus(MAX_PUBLISH_DELAY))
                      >= 0),
          new Requirement(
              Setting.SESSION_FAILURES,
              settings -> settings.sessionFailures() >= Simulator.MAX_CLICKS_PER_USER),
          new Requirement(
              Setting.SESSION_WAIT_MAX,
              settings -> settings.sessionWaitMax() >= Simulator.MAX_CLICKS_PER_USER),
          new Requirement(
              Setting.WATERMARK_MAX_AGE,
              settings ->
                  settings.watermarkMaxAge().compareTo(MAX_SCHEDULE_DELAY) >= 0
                      && settings.watermarkMaxAge().compareTo(Simulator.OLD_CLICK_AGE) < 0),
          new Requirement(Setting.REROUTE, Settings::reroute));

  private ExpectedAnswers() {}

  /**
   * The result of a comparison.
   *
   * @param matches false if the answers differ; true also if the settings allow no comparison
   * @param lines the differences for the operator; empty if there are none
   */
  record Comparison(boolean matches, List<String> lines) {}

  /**
   * Compares the answers, if the settings allow it.
   *
   * @param books books that balance
   * @param published how many payloads were published
   * @param deadLetters how many of them must be dead letters, by reason; the others must be
   *     profiles
   */
  static Comparison compare(
      Settings settings, Books books, long published, Map<Reason, Long> deadLetters) {
    List<String> unmet = settingsThatChangeAnswers(settings);
    if (!unmet.isEmpty()) {
      return new Comparison(
          true,
          List.of(
              "Reasons not compared, as settings are not the demo's: " + String.join(", ", unmet)));
    }
    List<String> lines = new ArrayList<>();
    long expectedDeadLetters = deadLetters.values().stream().mapToLong(Long::longValue).sum();
    addIfDifferent(lines, "profiles", books.profiles(), published - expectedDeadLetters);
    for (Reason reason : Reason.values()) {
      addIfDifferent(
          lines,
          reason.name(),
          books.deadLetters().getOrDefault(reason, 0L),
          deadLetters.getOrDefault(reason, 0L));
    }
    if (!lines.isEmpty()) {
      lines.add(0, "But not every answer is the one that was played:");
    }
    return new Comparison(lines.isEmpty(), lines);
  }

  /** Returns the keys of the settings under which answers may differ from the expected ones. */
  static List<String> settingsThatChangeAnswers(Settings settings) {
    return REQUIREMENTS.stream()
        .filter(requirement -> !requirement.isMet().test(settings))
        .map(requirement -> requirement.setting().key())
        .toList();
  }

  private static void addIfDifferent(List<String> lines, String name, long actual, long expected) {
    if (actual != expected) {
      lines.add(String.format(Locale.ROOT, "  %-21s %,10d, not %,d", name, actual, expected));
    }
  }
}
