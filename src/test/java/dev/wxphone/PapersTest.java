package dev.wxphone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.demo.simulator.Trouble;
import dev.wxphone.demo.simulator.Troubles;
import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.metrics.MetricsPage;
import dev.wxphone.topics.Acl;
import dev.wxphone.topics.RequiredAcls;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What README.md and the pages in src/site/markdown say of the program is so. */
final class PapersTest {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)|href=\"([^\"]+)\"");
  private static final Pattern TROUBLES = Pattern.compile("--trouble ([a-z-]+=[\\w,=.-]+)");

  private static final Pattern COMMAND_LINE =
      Pattern.compile("wxphone\\.jar ([^|\\n]*)|(?<!Benchmark )-Dexec\\.args=\"([^\"]*)\"");
  private static final Pattern OUR_NAME = Pattern.compile("dev\\.wxphone(\\.\\w+)*");
  private static final Pattern CLASS_NAME = Pattern.compile("[A-Z][a-z]\\w+");
  private static final Pattern PAGE_IN_A_MESSAGE =
      Pattern.compile("(README\\.md|src/site/markdown/\\w+\\.md)(?:, ([A-Z]\\w+))?");

  private static final Path README = Path.of("README.md");
  private static final Path PUBLISH = page("publish");
  private static final Path CONSUME = page("consume");
  private static final Path DEMO = page("demo");
  private static final Path OPERATE = page("operate");
  private static final Path ARCHITECTURE = page("architecture");
  private static final Path CLASSES = Path.of("target", "classes");

  private final Map<Path, String> pages = new TreeMap<>();

  PapersTest() throws IOException {
    pages.put(README, Files.readString(README));
    for (Path file : files(Path.of("src", "site", "markdown"), ".md")) {
      pages.put(file, Files.readString(file));
    }
  }

  private static Path page(String name) {
    return Path.of("src", "site", "markdown", name + ".md");
  }

  private static List<Path> files(Path directory, String ending) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void the_readme_is_short() {
    assertThat(text(README).lines().count()).isLessThanOrEqualTo(400);
  }

  /** InteropIT runs it. */
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
    assertThat(String.join("\n", pages.values()))
        .containsOnlyOnce("\n```" + language + "\n" + code + "```\n");
  }

  @Test
  void all_reasons_are_listed_in_their_order_with_what_helps() {
    assertThat(rows(README, "Reasons", "reason"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactlyElementsOf(
            Arrays.stream(Reason.values())
                .map(reason -> "`%s` %s".formatted(reason, reason.recovery().text()))
                .toList());
  }

  @Test
  void all_settings_are_listed_in_their_order_with_their_defaults() {
    assertThat(rows(README, "Settings", "key"))
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
    assertThat(rows(CONSUME, "A dead letter", "header").stream().flatMap(row -> quoted(row.get(0))))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void all_troubles_are_listed_in_their_order_with_their_usual_shares() {
    assertThat(rows(DEMO, "Troubles", "trouble"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .containsExactlyElementsOf(
            Arrays.stream(Trouble.values())
                .map(trouble -> "`%s` %.0f".formatted(trouble.optionName(), trouble.usualPercent()))
                .toList());
  }

  @Test
  void the_troubles_of_every_demo_shown_fit_into_its_visits() {
    List<String> shown =
        pages.values().stream()
            .flatMap(text -> TROUBLES.matcher(text).results())
            .map(match -> match.group(1))
            .toList();
    assertThat(shown)
        .isNotEmpty()
        .allSatisfy(changes -> Troubles.usualWith(List.of(changes.split(",", -1))));
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
        rows(README, "Commands", "command").stream()
            .filter(cells -> cells.get(0).equals("`demo`"))
            .findFirst()
            .orElseThrow();
    assertThat(quoted(row.get(1)).map(text -> text.split(" ", -1)[0]))
        .containsExactlyInAnyOrderElementsOf(own);
  }

  @Test
  void all_commands_are_listed_and_no_others() {
    assertThat(rows(README, "Commands", "command").stream().flatMap(row -> quoted(row.get(0))))
        .containsExactlyInAnyOrderElementsOf(commandsOf(Main.commandLine(), "").toList());
  }

  /** Options are given in the second column, of one command or of some. */
  @Test
  void every_option_listed_exists() {
    for (List<String> row : rows(README, "Commands", "command")) {
      List<CommandLine> commands = quoted(row.get(0)).map(PapersTest::command).toList();
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

  @Test
  void every_option_in_a_command_line_exists() {
    List<String> lines =
        pages.values().stream()
            .map(text -> text.replace("\\\n", " "))
            .flatMap(text -> COMMAND_LINE.matcher(text).results())
            .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
            .toList();
    assertThat(lines).hasSizeGreaterThan(20).allSatisfy(PapersTest::parses);
  }

  private static void parses(String line) {
    CommandLine command = Main.commandLine();
    for (String word : line.split("[\\s`]+", -1)) {
      command = command.getSubcommands().getOrDefault(word, command);
      if (word.startsWith("--")) {
        assertThat(command.getCommandSpec().optionsMap()).containsKey(word);
      }
    }
  }

  /** Each with its type, its labels and the meaning that the scraper is told. */
  @Test
  void all_metrics_are_listed_as_they_are_served_and_no_others() {
    Set<String> served = new TreeSet<>();
    MetricsPage.ofNewStream()
        .families()
        .forEach(
            (name, family) ->
                served.add(
                    "`%s` %s %s: %s"
                        .formatted(name, family.type(), family.labels().keySet(), family.help())));
    Set<String> listed = new TreeSet<>();
    for (List<String> row : rows(OPERATE, "Metrics", "metric")) {
      List<String> labels = quoted(row.get(2)).limit(1).toList();
      listed.add("%s %s %s: %s".formatted(row.get(0), row.get(1), labels, row.get(3)));
    }
    assertThat(listed).containsExactlyInAnyOrderElementsOf(served);
  }

  /** Behind the label its values, where they are listed. */
  @Test
  void all_values_of_labels_are_listed_and_no_others() {
    Map<String, MetricsPage.Family> served = MetricsPage.ofNewStream().families();
    for (List<String> row : rows(OPERATE, "Metrics", "metric")) {
      List<String> values = quoted(row.get(2)).skip(1).toList();
      String name = row.get(0).replace("`", "");
      if (!values.isEmpty()) {
        assertThat(Objects.requireNonNull(served.get(name)).labels().values())
            .as(name)
            .singleElement()
            .satisfies(all -> assertThat(all).containsExactlyInAnyOrderElementsOf(values));
      }
    }
  }

  /** What run and doctor ask the cluster for is what the table says that they need. */
  @ParameterizedTest
  @CsvSource({"run", "doctor"})
  void every_acl_is_listed_and_no_others(String command) throws IOException {
    Settings settings = Settings.load(null, Map.of(), Map.of(), warning -> {});
    List<Acl> required =
        command.equals("run")
            ? RequiredAcls.ofRun(settings, true)
            : RequiredAcls.ofDoctor(settings);
    assertThat(required.stream().map(Acl::text))
        .containsExactlyInAnyOrderElementsOf(AclTable.read(settings).get(command));
  }

  @Test
  void every_limit_is_the_programs() {
    assertThat(rows(PUBLISH, "Limits", "what"))
        .extracting(row -> row.get(1))
        .startsWith(
            InputLimits.VALUE_BYTES / 1024 + " KiB",
            InputLimits.HEADER_BYTES / 1024 + " KiB",
            InputLimits.KEY_BYTES + " bytes",
            InputLimits.ID_CHARACTERS + " characters each");
  }

  @Test
  void every_link_leads_to_a_file_and_every_anchor_to_a_headline() {
    pages.forEach(
        (page, text) ->
            LINK.matcher(withoutCode(text))
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .filter(link -> !link.startsWith("https://"))
                .forEach(link -> assertLeadsSomewhere(page, link)));
  }

  private void assertLeadsSomewhere(Path page, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    assertThat(target).as("%s: %s", page, link).exists();
    if (parts.length == 2) {
      assertThat(pages).as("%s: %s", page, link).containsKey(target);
      assertThat(anchors(target)).as("%s: %s", page, link).contains(parts[1]);
    }
  }

  @Test
  void no_page_has_two_headlines_of_one_anchor() {
    assertThat(pages.keySet())
        .allSatisfy(page -> assertThat(anchors(page)).doesNotHaveDuplicates());
  }

  /** As GitHub makes them of headlines. */
  private List<String> anchors(Path page) {
    return withoutCode(text(page))
        .lines()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void every_page_is_linked_from_the_readme() {
    assertThat(pages.keySet())
        .filteredOn(page -> !page.equals(README))
        .allSatisfy(page -> assertThat(text(README)).contains("](" + page + ")"));
  }

  /** What a message of the program names by "README.md, Publish" is a headline there. */
  @Test
  void every_page_that_the_program_names_exists() throws IOException {
    for (Path source : files(Path.of("src", "main", "java"), ".java")) {
      String joined = Files.readString(source).replaceAll("\"\\s*\\+\\s*\"", "");
      PAGE_IN_A_MESSAGE
          .matcher(joined)
          .results()
          .forEach(
              match -> {
                Path page = Path.of(match.group(1));
                assertThat(pages).as("%s: %s", source, match.group()).containsKey(page);
                if (match.group(2) != null) {
                  assertThat(text(page).lines())
                      .as("%s: %s", source, match.group())
                      .contains("## " + match.group(2));
                }
              });
    }
  }

  /** The first column of the table of rooms is packages below {@code dev.wxphone}. */
  @Test
  void every_room_of_the_house_is_a_package_and_every_package_a_room() throws IOException {
    Set<String> packages = new TreeSet<>();
    // Not the compiled ones, among which a build leaves those of before a move.
    for (Path file : files(Path.of("src", "main", "java"), ".java")) {
      if (!file.endsWith("package-info.java")) {
        packages.add(packageOf(file));
      }
    }
    packages.remove("dev.wxphone");
    assertThat(
            rows(ARCHITECTURE, "The house", "room").stream()
                .flatMap(row -> quoted(row.get(0)))
                .map(room -> "dev.wxphone." + room))
        .containsExactlyInAnyOrderElementsOf(packages);
  }

  @Test
  void every_class_that_the_table_of_rooms_names_is_in_its_room() {
    assertThat(rows(ARCHITECTURE, "The house", "room"))
        .allSatisfy(
            row -> {
              Path room = CLASSES.resolve("dev/wxphone/" + row.get(0).replace('.', '/'));
              String directory = room.toString().replace("`", "");
              assertThat(quoted(row.get(2)))
                  .allSatisfy(name -> assertThat(Path.of(directory, name + ".class")).exists());
            });
  }

  /** Those of the tests too: a page says where something is tested or measured. */
  @Test
  void every_class_and_package_named_exists() throws IOException {
    Set<String> known = new TreeSet<>();
    Set<String> simple = new TreeSet<>();
    for (Path root : List.of(CLASSES, Path.of("target", "test-classes"))) {
      for (Path file : files(root.resolve("dev/wxphone"), ".class")) {
        String name = file.getFileName().toString().replace(".class", "");
        known.add(packageOf(file));
        known.add(packageOf(file) + "." + name);
        simple.add(name);
      }
    }
    // The normal build does not compile them.
    for (Path file : files(Path.of("src", "benchmark", "java"), ".java")) {
      String name = file.getFileName().toString().replace(".java", "");
      known.add(packageOf(file) + "." + name);
      simple.add(name);
    }
    pages.forEach(
        (page, text) -> {
          assertThat(OUR_NAME.matcher(text).results().map(MatchResult::group))
              .as(page.toString())
              .allSatisfy(name -> assertThat(known).contains(name));
          if (Set.of("architecture.md", "contributing.md")
              .contains(page.getFileName().toString())) {
            assertThat(quoted(withoutCode(text)).filter(PapersTest::isClassName))
                .as(page.toString())
                .allSatisfy(name -> assertThat(simple).contains(name));
          }
        });
  }

  private static boolean isClassName(String text) {
    return CLASS_NAME.matcher(text).matches() && !text.equals("TopologyTestDriver");
  }

  /** The package of a class's file. */
  private static String packageOf(Path file) {
    String directory = Objects.requireNonNull(file.getParent()).toString().replace('\\', '/');
    return directory.substring(directory.indexOf("dev/wxphone")).replace('/', '.');
  }

  private String text(Path page) {
    return Objects.requireNonNull(pages.get(page), page.toString());
  }

  /** The page without its code blocks. */
  private static String withoutCode(String text) {
    return text.replaceAll("(?s)\n *```.*?\n *```(?=\n)", "");
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

  /** The cells of the table below this headline of a page whose first column is called so. */
  private List<List<String>> rows(Path page, String headline, String column) {
    List<String> lines = text(page).lines().toList();
    int section = lines.indexOf("## " + headline);
    assertThat(section).as(headline).isNotNegative();
    List<List<String>> rows =
        lines.subList(section, lines.size()).stream()
            .dropWhile(line -> !line.startsWith("| " + column + " |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(PapersTest::cells)
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
