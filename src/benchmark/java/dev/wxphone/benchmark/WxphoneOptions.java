package dev.wxphone.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that name the wxphone that is measured, and its variants. */
final class WxphoneOptions {
  @Option(
      names = "--jar",
      paramLabel = "FILE",
      defaultValue = "target/wxphone.jar",
      description = "The jar that is measured (default: ${DEFAULT-VALUE}).")
  private Path jar = Path.of("");

  @Option(
      names = "--variant",
      paramLabel = "NAME:PART",
      description =
          "Measures one more wxphone, in turn with the others. PART is jar=FILE, java=FILE,"
              + " -Dkey=value, or an option of the JVM that begins with -X; repeat it with the same"
              + " NAME for more parts.")
  private List<String> variants = new ArrayList<>();

  List<Contestant> contestants() {
    return Contestant.wxphone(jar.toAbsolutePath(), variants);
  }
}
