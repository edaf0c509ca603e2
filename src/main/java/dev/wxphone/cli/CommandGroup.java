package dev.wxphone.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does nothing without one of its subcommands. */
public abstract class CommandGroup implements Runnable {
  @Spec private @Nullable CommandSpec spec;

  @Override
  public final void run() {
    CommandSpec group = Objects.requireNonNull(spec);
    String names = String.join(", ", group.subcommands().keySet());
    throw new ParameterException(
        group.commandLine(),
        group.parent() == null
            ? "a command is missing"
            : "say " + names.replaceFirst(", ([^,]+)$", " or $1"));
  }
}
