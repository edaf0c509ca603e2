package dev.wxphone;

import dev.wxphone.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of ACLs in operate.md. */
public final class AclTable {
  private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

  private AclTable() {}

  /** Returns the texts of the ACLs of each command, in the order of the table. */
  public static Map<String, Set<String>> read(Settings settings) throws IOException {
    List<List<String>> rows =
        Files.readAllLines(Path.of("src", "site", "markdown", "operate.md")).stream()
            .dropWhile(line -> !line.startsWith("| principal of |"))
            .skip(2)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> Arrays.stream(line.split("\\|", -1)).skip(1).map(String::strip).toList())
            .toList();
    Map<String, Set<String>> acls = new LinkedHashMap<>();
    String principal = "";
    for (List<String> row : rows) {
      principal = row.get(0).isEmpty() ? principal : row.get(0).replace("`", "");
      acls.computeIfAbsent(principal, first -> new TreeSet<>())
          .addAll(aclsIn(row.get(1), row.get(2), settings));
    }
    return acls;
  }

  /** The first words of a cell of operations are those; what follows says when. */
  private static List<String> aclsIn(String on, String operations, Settings settings) {
    String of = on.startsWith("group") ? "group " : on.startsWith("topic") ? "topic " : "";
    String resource = on.startsWith("transactional") ? "transactional id " : of;
    List<String> names =
        on.equals("the five topics")
            ? List.copyOf(settings.topics().byDefaultName().values())
            : quoted(on).toList();
    List<String> texts = new ArrayList<>();
    for (String operation : operations.split("[;:]|, even|, unless", 2)[0].split(", ", -1)) {
      for (String name : names) {
        texts.add(
            on.contains("with the prefix")
                ? operation + " on " + resource.strip() + "s with the prefix " + name
                : operation + " on the " + (resource.isEmpty() ? "topic " : resource) + name);
      }
    }
    return texts;
  }

  private static Stream<String> quoted(String cell) {
    return QUOTED.matcher(cell).results().map((MatchResult match) -> match.group(1));
  }
}
