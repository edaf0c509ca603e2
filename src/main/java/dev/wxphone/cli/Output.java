package dev.wxphone.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a command prints on standard output: text or, with {@code --json}, JSON. */
public final class Output {
  @Option(names = "--json", description = "Print JSON objects, one a line.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  /** Returns whether JSON is asked for. */
  public boolean json() {
    return json;
  }

  /** Prints lines at once. */
  public void print(List<String> lines) {
    PrintWriter out = commandLine().getOut();
    lines.forEach(out::println);
    out.flush();
  }

  /** Returns the command that is run. */
  public CommandLine commandLine() {
    return Objects.requireNonNull(spec).commandLine();
  }
}
