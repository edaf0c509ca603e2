package dev.wxphone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.demo.simulator.Trouble;
import dev.wxphone.settings.Setting;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What README.md says of the code is so. */
final class ReadmeTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  private final String readme;

  ReadmeTest() throws IOException {
    readme = Files.readString(Path.of("README.md"));
  }

  /** InteropIT runs them. */
  @ParameterizedTest
  @CsvSource({
    "js, publish.mjs",
    "js, outcome.mjs",
    "python, publish.py",
    "python, consume.py",
    "java, Publish.java",
    "java, Consume.java",
    "sh, publish.sh",
    "sh, by-hand.sh"
  })
  void the_code_shown_is_the_code_that_runs(String language, String file) throws IOException {
    String code = Files.readString(Path.of("src/test/interop", file));
    assertThat(readme).containsOnlyOnce("\n```" + language + "\n" + code + "```\n");
  }

  @Test
  void all_reasons_are_listed_in_their_order_with_what_helps() {
    assertThat(rows("Dead letters", "reason"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactlyElementsOf(
            Arrays.stream(Reason.values())
                .map(reason -> "`%s` %s".formatted(reason, reason.recovery().text()))
                .toList());
  }

  @Test
  void all_settings_are_listed_in_their_order_with_their_defaults() {
    assertThat(rows("Settings", "key"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .filteredOn(row -> !row.startsWith("`wxphone.kek.*`"))
        .containsExactlyElementsOf(
            Setting.ALL.stream()
                .map(
                    setting ->
                        "`%s` %s"
                            .formatted(
                                setting.key(),
                                setting.defaultText().isEmpty()
                                    ? ""
                                    : "`" + setting.defaultText() + "`"))
                .toList());
  }

  @Test
  void all_headers_are_listed_and_no_others() throws IllegalAccessException {
    List<String> names = new ArrayList<>();
    for (Field field : HeaderNames.class.getDeclaredFields()) {
      if (field.getType() == String.class) {
        field.setAccessible(true);
        names.add((String) field.get(null));
      }
    }
    assertThat(rows("Dead letters", "header").stream().flatMap(row -> quoted(row.get(0))))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void all_troubles_are_listed_in_their_order_with_their_usual_shares() {
    assertThat(rows("See it", "trouble"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactlyElementsOf(
            Arrays.stream(Trouble.values())
                .map(trouble -> "`%s` %.0f".formatted(trouble.optionName(), trouble.usualPercent()))
                .toList());
  }

  @Test
  void every_option_of_the_demo_is_listed() {
    Set<String> common = Set.of("--help", "--version", "--bootstrap-servers", "--config", "-D");
    List<String> own =
        command("demo").getCommandSpec().options().stream()
            .map(CommandLine.Model.OptionSpec::longestName)
            .filter(name -> !common.contains(name))
            .toList();
    List<String> row =
        rows("Commands", "command").stream()
            .filter(cells -> cells.get(0).equals("`demo`"))
            .findFirst()
            .orElseThrow();
    assertThat(quoted(row.get(1)).map(text -> text.split(" ", -1)[0]))
        .containsExactlyInAnyOrderElementsOf(own);
  }

  @Test
  void all_commands_are_listed_and_no_others() {
    assertThat(rows("Commands", "command").stream().flatMap(row -> quoted(row.get(0))))
        .containsExactlyInAnyOrderElementsOf(commandsOf(Main.commandLine(), "").toList());
  }

  /** Options are given in the second column, of one command or of some. */
  @Test
  void every_option_listed_exists() {
    for (List<String> row : rows("Commands", "command")) {
      List<CommandLine> commands = quoted(row.get(0)).map(ReadmeTest::command).toList();
      assertThat(quoted(row.get(1)).filter(text -> text.startsWith("--")))
          .allSatisfy(
              text ->
                  assertThat(commands)
                      .allSatisfy(
                          command ->
                              assertThat(command.getCommandSpec().optionsMap())
                                  .containsKey(text.split(" ", -1)[0])));
    }
  }

  private static CommandLine command(String words) {
    CommandLine command = Main.commandLine();
    for (String word : words.split(" ", -1)) {
      command = Objects.requireNonNull(command.getSubcommands().get(word), words);
    }
    return command;
  }

  /** The names of all commands that do something. */
  private static Stream<String> commandsOf(CommandLine line, String before) {
    Map<String, CommandLine> subcommands = line.getSubcommands();
    return subcommands.isEmpty()
        ? Stream.of(before.strip())
        : subcommands.entrySet().stream()
            .flatMap(entry -> commandsOf(entry.getValue(), before + " " + entry.getKey()));
  }

  /** The cells of the table below this headline whose first column is called so. */
  private List<List<String>> rows(String headline, String column) {
    List<String> lines = readme.lines().toList();
    int section = lines.indexOf("## " + headline);
    assertThat(section).as(headline).isNotNegative();
    List<List<String>> rows =
        lines.subList(section, lines.size()).stream()
            .dropWhile(line -> !line.startsWith("| " + column + " |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(ReadmeTest::cells)
            .toList();
    assertThat(rows).as("table of " + column).isNotEmpty();
    return rows;
  }

  private static List<String> cells(String line) {
    return Arrays.stream(line.split("(?<!\\\\)\\|", -1)).skip(1).map(String::strip).toList();
  }

  private static Stream<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map((MatchResult match) -> match.group(1));
  }
}
