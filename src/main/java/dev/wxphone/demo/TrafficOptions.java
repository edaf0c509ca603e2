package dev.wxphone.demo;

import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.demo.simulator.Trouble;
import dev.wxphone.demo.simulator.Troubles;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say which traffic the demo plays. */
final class TrafficOptions {
  @Option(
      names = "--payloads",
      paramLabel = "N",
      defaultValue = "400",
      description = "How many payloads to play (default: ${DEFAULT-VALUE}).")
  private long payloads;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Payloads a second (default: 200; 40 in the live view).")
  private @Nullable Double rate;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Play the same users and troubles again.")
  private @Nullable Long seed;

  @Option(
      names = "--trouble",
      paramLabel = "NAME=PERCENT",
      split = ",",
      description =
          "How many of 100 visits have this trouble; may be given often. all=0,late-login=50 is late"
              + " logins only. src/site/markdown/demo.md says what they are:"
              + " ${COMPLETION-CANDIDATES}.",
      completionCandidates = TroubleNames.class)
  private List<String> troubles = List.of();

  @Option(
      names = "--users",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many users come back again and again (default: ${DEFAULT-VALUE}).")
  private int users;

  @Option(
      names = "--session-life",
      paramLabel = "SECONDS",
      defaultValue = "1",
      description =
          "How old a session grows at WeChat before a wx.login changes its key (default:"
              + " ${DEFAULT-VALUE}, much shorter than in life).")
  private double sessionLife;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** The names of all troubles, for the help. */
  static final class TroubleNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Trouble.values()).map(Trouble::optionName).iterator();
    }
  }

  /**
   * Returns the traffic that the options ask for, with a random seed if they name none.
   *
   * @throws ParameterException if a value is out of its range
   */
  PlayedTraffic traffic(boolean live) {
    require(payloads >= 1 && payloads <= 10_000_000, "--payloads takes 1 to 10000000");
    require(rate == null || (rate >= 1 && rate <= 100_000), "--rate takes 1 to 100000");
    require(users >= 1 && users <= 10_000_000, "--users takes 1 to 10000000");
    require(sessionLife >= 0.001 && sessionLife <= 1e9, "--session-life takes 0.001 to 1000000000");
    Duration life = Duration.ofMillis((long) (sessionLife * 1000));
    long playedSeed = seed == null ? System.nanoTime() : seed;
    try {
      Simulator.Options options = new Simulator.Options(users, life, Troubles.usualWith(troubles));
      return new PlayedTraffic(
          new Simulator(playedSeed, options),
          playedSeed,
          payloads,
          rate == null ? (live ? 40 : 200) : rate);
    } catch (IllegalArgumentException e) {
      throw usageError("--trouble: " + e.getMessage());
    }
  }

  private void require(boolean condition, String message) {
    if (!condition) {
      throw usageError(message);
    }
  }

  private ParameterException usageError(String message) {
    return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
  }

  /** Traffic for one demo. */
  record PlayedTraffic(Simulator simulator, long seed, long payloads, double perSecond) {}
}
