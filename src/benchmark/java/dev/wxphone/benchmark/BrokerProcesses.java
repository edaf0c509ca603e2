package dev.wxphone.benchmark;

import dev.wxphone.integration.kit.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The processes of a Kafka cluster. */
interface BrokerProcesses extends AutoCloseable {
  String bootstrapServers();

  /** Returns the CPU time of all of them. */
  Duration cpuTime();

  @Override
  void close();

  /** Starts wxphone's own development broker, the only one of its cluster. */
  static BrokerProcesses single(Path directory) {
    Program program =
        Program.command(
            Path.of("").toAbsolutePath(),
            Map.of(),
            List.of(
                BenchmarkBroker.java(),
                "-Xmx1g",
                "-Djava.io.tmpdir=" + directory,
                "-cp",
                BenchmarkBroker.classPath(),
                "dev.wxphone.Main",
                "broker",
                "--port=0",
                "--data-dir=" + directory.resolve("broker")));
    return new Single(program, program.awaitOut(Pattern.compile("^ready (\\S+)$")).group(1));
  }

  /** One broker. */
  record Single(Program program, String bootstrapServers) implements BrokerProcesses {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

    @Override
    public Duration cpuTime() {
      return program.cpuTime();
    }

    @Override
    public void close() {
      try (program) {
        program.terminate(STOP_TIMEOUT);
      }
    }
  }
}
