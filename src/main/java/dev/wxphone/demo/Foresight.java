package dev.wxphone.demo;

import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** Under which settings every answer to the simulator's traffic is the one that it tells. */
final class Foresight {
  /** From when a login is due until the broker has it, at the most. */
  private static final Duration PUBLISHED_WITHIN = Duration.ofSeconds(2);

  /** A watermark has the time of the timetable, and a busy machine publishes long after that. */
  private static final Duration BEHIND_TIMETABLE = Duration.ofHours(1);

  private record Need(Setting<?> setting, Predicate<Settings> met) {}

  private static final List<Need> NEEDS =
      List.of(
          new Need(
              Setting.APPIDS,
              given -> given.appids().isEmpty() || given.appids().contains(Simulator.APPID)),
          new Need(
              Setting.SESSION_KEYS, given -> given.sessionKeys() >= Simulator.SESSIONS_OF_A_USER),
          new Need(
              Setting.SESSION_WAIT,
              given ->
                  given.sessionWait().compareTo(Simulator.LATEST_LOGIN.plus(PUBLISHED_WITHIN))
                      >= 0),
          new Need(
              Setting.SESSION_FAILURES,
              given -> given.sessionFailures() >= Simulator.CLICKS_OF_A_USER),
          new Need(
              Setting.SESSION_WAIT_MAX,
              given -> given.sessionWaitMax() >= Simulator.CLICKS_OF_A_USER),
          new Need(
              Setting.WATERMARK_MAX_AGE,
              given ->
                  given.watermarkMaxAge().compareTo(BEHIND_TIMETABLE) >= 0
                      && given.watermarkMaxAge().compareTo(Simulator.AGE_OF_AN_OLD_CLICK) < 0),
          new Need(Setting.REROUTE, Settings::reroute));

  private Foresight() {}

  /** The keys of the settings under which an answer may be another; none where all are told. */
  static List<String> lostTo(Settings settings) {
    return NEEDS.stream()
        .filter(need -> !need.met().test(settings))
        .map(need -> need.setting().key())
        .toList();
  }
}
