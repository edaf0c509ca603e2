package dev.wxphone.topics;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which topic files a command reads. */
public final class TopicFilesOption {
  @Option(
      names = "--files",
      paramLabel = "DIR",
      description = "A directory of KafkaTopic files instead of those in the jar.")
  private @Nullable Path files;

  /**
   * Reads the topic files.
   *
   * @param names of the topics, by their default names
   */
  public List<DesiredTopic> read(Map<String, String> names) {
    return files == null ? TopicFiles.bundled(names) : TopicFiles.in(files, names);
  }

  /** Returns the option as it was given, after a blank; empty if it was not. */
  public String asArgument() {
    return files == null ? "" : " --files " + files;
  }
}
