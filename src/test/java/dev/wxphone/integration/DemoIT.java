package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import dev.wxphone.demo.Demo;
import dev.wxphone.demo.simulator.Simulator;
import dev.wxphone.demo.simulator.Troubles;
import dev.wxphone.integration.kit.InProcess;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.operator.TextStyle;
import dev.wxphone.stream.runtime.PhoneStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The {@code demo} command in a checkout and in the jar. */
@ExtendWith(SharedBroker.Extension.class)
final class DemoIT {
  private static final String BALANCE = "The books balance: every payload has exactly one answer";

  /** Nearly all payloads wait: few sessions are as old as the last published login. */
  private static final String ENDLESS =
      "demo --once --payloads 1000000 --rate 100 --trouble all=0,lost-login=100"
          + " -Dwxphone.session.wait=PT5M";

  /** The number that the demo itself makes. */
  private static final int PARTITIONS = 8;

  private static final Pattern LINE =
      Pattern.compile(
          " s +published +(\\d+) +profiles +(\\d+) +dead letters +(\\d+) +waiting +(\\d+)");

  private static final Pattern WAITING = Pattern.compile("waiting for a key +[1-9]");

  @Test
  @Execution(CONCURRENT)
  void once_answers_every_payload_and_leaves_nothing_behind(@TempDir Path temporary) {
    try (Program demo =
        Program.checkout(temporary, List.of("demo", "--once", "--payloads", "500"))) {
      requireBalance(demo.awaitExit(), 500);
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  @Execution(CONCURRENT)
  void it_names_the_page_that_shows_the_stream(@TempDir Path temporary) throws Exception {
    try (Program demo = Program.checkout(temporary, List.of(ENDLESS.split(" ")))) {
      String page =
          demo.awaitOut(Pattern.compile("^watch it on (http://127.0.0.1:\\d+/)$")).group(1);
      HttpResponse<String> shown =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(URI.create(page)).build(), BodyHandlers.ofString());
      assertThat(shown.statusCode()).isEqualTo(200);
      assertThat(shown.body()).startsWith("<!DOCTYPE html>");
      requireConsistentEnd(stopWhileSomeWait(demo));
    }
  }

  @Test
  @Execution(CONCURRENT)
  void the_jar_plays_it_on_a_cluster(@TempDir Path temporary, SharedBroker broker) {
    List<String> arguments =
        List.of(
            "demo",
            "--once",
            "--payloads",
            "500",
            "--bootstrap-servers",
            broker.bootstrapServers(),
            "-Dwxphone.session.wait=PT5S",
            "-Dstate.dir=" + temporary.resolve("state"));
    try (Program demo = Program.jar(temporary, Map.of(), arguments)) {
      requireBalance(demo.awaitExit(), 500);
    }
    assertThat(temporary).isDirectoryNotContaining(file -> !file.endsWith("state"));
  }

  @Test
  @Execution(CONCURRENT)
  void a_cluster_that_only_the_environment_names_is_left_alone(@TempDir Path temporary) {
    Map<String, String> production =
        Map.of("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1", "KAFKA_SECURITY_PROTOCOL", "SSL");
    List<String> arguments =
        List.of("demo", "--once", "--payloads", "50", "-Dbootstrap.servers=127.0.0.1:2");
    try (Program demo = Program.checkout(temporary, production, "dev.wxphone.Main", arguments)) {
      Program.Result ended = demo.awaitExit();
      assertThat(ended.code()).as("%s", ended).isZero();
      assertThat(ended.err())
          .singleElement()
          .asString()
          .startsWith("wxphone: bootstrap.servers=127.0.0.1:2 is ignored: ");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void it_plays_beside_an_earlier_demo_and_not_beside_others(SharedBroker broker) {
    String once = "demo --once --payloads 100 --bootstrap-servers " + broker.bootstrapServers();
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      for (int i = 0; i < 2; i++) {
        Program.Result ended = installation.startCommand(once.split(" ")).awaitExit();
        assertThat(ended.code()).as("%s", ended).isZero();
      }
      installation.login("o1", "{}");
      Program.Result refused = installation.startCommand(once.split(" ")).awaitExit();
      assertThat(refused.code()).isOne();
      assertThat(refused.out()).isEmpty();
      assertThat(refused.err())
          .singleElement()
          .asString()
          .startsWith("wxphone: " + installation.topics().sessionKey() + " at ")
          .contains(" holds records that no demo has published, ")
          .endsWith(", or give --yes");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void only_the_troubles_that_are_asked_for_happen(@TempDir Path temporary) {
    String options =
        "demo --once --payloads 600 --rate 600 --seed 3 --users 20 --session-life 0.2"
            + " --trouble all=0,late-login=40 --trouble out-of-order=20";
    try (Program demo = Program.checkout(temporary, List.of(options.split(" ")))) {
      Program.Result ended = demo.awaitExit();
      requireBalance(ended, 600);
      assertThat(ended.out())
          .filteredOn(line -> line.matches("    [A-Z_]+ .*"))
          .singleElement()
          .asString()
          .contains("SUPERSEDED");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void where_the_settings_change_the_answers_the_books_alone_decide(@TempDir Path temporary) {
    String options =
        "demo --once --payloads 100 --trouble all=0,late-login=80 -Dwxphone.session.wait=PT0S";
    try (Program demo = Program.checkout(temporary, List.of(options.split(" ")))) {
      Program.Result ended = demo.awaitExit();
      requireBalance(ended, 100);
      assertThat(ended.out())
          .anyMatch(line -> line.startsWith("    SESSION_KEY_MISSING"))
          .endsWith("Reasons not compared, as settings are not the demo's: wxphone.session.wait");
    }
  }

  @Test
  @Execution(CONCURRENT)
  void told_to_end_it_tells_how_far_it_came_and_is_not_done(@TempDir Path temporary) {
    try (Program demo = Program.checkout(temporary, List.of(ENDLESS.split(" ")))) {
      requireConsistentEnd(stopWhileSomeWait(demo));
    }
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  @Execution(CONCURRENT)
  void so_it_does_on_a_cluster(SharedBroker broker) {
    try (Installation installation = new Installation(broker, PARTITIONS)) {
      String onCluster = ENDLESS + " --bootstrap-servers " + broker.bootstrapServers();
      requireConsistentEnd(stopWhileSomeWait(installation.startCommand(onCluster.split(" "))));
    }
  }

  // Not with terminate(), which also closes the streams that it prints to.
  private static Program.Result stopWhileSomeWait(Program demo) {
    demo.awaitOut(Pattern.compile("waiting +[1-9]"));
    demo.signal("TERM");
    return demo.awaitExit();
  }

  private static void requireConsistentEnd(Program.Result demo) {
    assertThat(demo.code()).as("%s", demo).isOne();
    assertThat(demo.err()).isEmpty();
    List<String> lines = demo.out();
    Matcher last = LINE.matcher(lines.get(lines.size() - 3));
    assertThat(last.find()).as("%s", lines).isTrue();
    long published = Long.parseLong(last.group(1));
    long answered = Long.parseLong(last.group(2)) + Long.parseLong(last.group(3));
    assertThat(Long.parseLong(last.group(4))).as("%s", lines).isPositive();
    assertThat(lines)
        .endsWith(
            "",
            "Ended: %d of 1,000,000 published, %d of them not answered yet."
                .formatted(published, published - answered));
  }

  @Test
  void the_last_view_before_its_end_is_of_the_stream_that_still_runs(SharedBroker broker)
      throws InterruptedException {
    StringWriter screen = new StringWriter();
    try (Installation installation = new Installation(broker)) {
      PhoneStream stream = PhoneStream.start(installation.settings(), null);
      Demo demo =
          Demo.live(
              installation.settings(),
              stream,
              new PrintWriter(screen),
              TextStyle.NONE,
              "http://127.0.0.1/further",
              List.of("further"));
      Troubles lost = Troubles.usualWith(List.of("all=0", "lost-login=100"));
      Simulator.Options options = new Simulator.Options(100, Duration.ofSeconds(1), lost);
      CompletableFuture<Demo.Outcome> outcome = new CompletableFuture<>();
      Thread playing =
          new Thread(
              () -> {
                try {
                  outcome.complete(demo.play(new Simulator(1, options), 1_000_000, 100));
                } catch (InterruptedException | RuntimeException e) {
                  outcome.completeExceptionally(e);
                }
              });
      playing.start();
      Program.await("somebody waits", () -> WAITING.matcher(screen.toString()).find());
      demo.stop();
      String atEnd = screen.toString();
      stream.close();
      playing.join();
      assertThat(outcome).isCompletedWithValue(Demo.Outcome.STOPPED);
      assertThat(screen).hasToString(atEnd);
    }
    String last = screen.toString().substring(screen.toString().lastIndexOf("\u001b[H"));
    assertThat(last).containsPattern(WAITING).doesNotContain("further");
    assertThat(last.lines().toList())
        .last()
        .asString()
        .matches("Ended: [1-9][0-9,]* of 1,000,000 published, [1-9][0-9,]* of .* answered yet\\.");
  }

  @Test
  void told_to_end_before_it_plays_it_says_so_and_plays_nothing(SharedBroker broker)
      throws InterruptedException {
    StringWriter out = new StringWriter();
    try (Installation installation = new Installation(broker);
        PhoneStream stream = PhoneStream.start(installation.settings(), null)) {
      Demo demo = Demo.inLines(installation.settings(), stream, new PrintWriter(out));
      demo.stop();
      assertThat(demo.play(new Simulator(1), 100, 100)).isEqualTo(Demo.Outcome.STOPPED);
      assertThat(installation.records(installation.topics().phonePayload())).isEmpty();
    }
    assertThat(out.toString().lines()).containsExactly("", "Ended before anything was published.");
  }

  @ParameterizedTest
  @CsvSource({
    "--trouble, late=5, 'wxphone: --trouble: there is no trouble ''late''; there are all, late-login'",
    "--trouble, twice=100, 'wxphone: --trouble: the troubles come to '",
    "--users, 0, 'wxphone: --users takes 1 to 10000000;'",
    "--session-life, NaN, 'wxphone: --session-life takes 0.001 to 1000000000;'",
    "--payloads, 0, 'wxphone: --payloads takes 1 to 10000000;'",
    "--rate, 0.5, 'wxphone: --rate takes 1 to 100000;'",
    "--payloads, x, 'wxphone: Invalid value for option ''--payloads'': ''x'' is not a whole number;'",
    "--users, 1.5, 'wxphone: Invalid value for option ''--users'': ''1.5'' is not a whole number;'",
    "--rate, x, 'wxphone: Invalid value for option ''--rate'': ''x'' is not a number;'",
  })
  void what_can_not_be_played_is_wrong_usage(String option, String value, String message) {
    Program.Result ended = InProcess.execute(List.of("demo", option, value));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).singleElement().asString().startsWith(message);
  }

  private static void requireBalance(Program.Result demo, int payloads) {
    assertThat(demo.code()).as("%s", demo).isZero();
    assertThat(demo.out())
        .anyMatch(line -> line.strip().matches("payloads in +" + payloads))
        .anyMatch(line -> line.startsWith(BALANCE))
        .noneMatch(line -> line.startsWith("But not every answer"));
    assertThat(demo.err()).isEmpty();
  }
}
