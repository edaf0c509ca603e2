package dev.wxphone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.operator.OperatorException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Whatever a command throws is one line on standard error. */
final class LauncherTest {
  @Command(name = "wxphone")
  private static final class Commands extends CommandGroup {}

  @Command(name = "fail")
  private static final class Failing implements Callable<Integer> {
    private final Throwable thrown;

    Failing(Throwable thrown) {
      this.thrown = thrown;
    }

    @Override
    public Integer call() throws Exception {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (Exception) thrown;
    }
  }

  private final StringWriter err = new StringWriter();

  private int execute(Throwable thrown) {
    CommandLine commandLine =
        Launcher.commandLine(new Commands(), e -> OperatorException.failed("a client failed"))
            .addSubcommand(new Failing(thrown))
            .setErr(new PrintWriter(err));
    return Launcher.execute(commandLine, new String[] {"fail"});
  }

  static Stream<Throwable> errors() {
    return Stream.of(
        new OutOfMemoryError("secret"),
        new StackOverflowError(),
        new NoClassDefFoundError("secret"),
        new UnsatisfiedLinkError("secret"),
        new ExceptionInInitializerError(new IllegalStateException("secret")),
        new AssertionError("secret"),
        new InternalError("secret"),
        new CompletionException(new OutOfMemoryError("secret")),
        new IllegalStateException("secret"));
  }

  @ParameterizedTest
  @MethodSource("errors")
  void an_error_is_one_line_and_exit_code_1(Throwable thrown) {
    assertThat(execute(thrown)).isOne();
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("wxphone: ")
        .doesNotContain("secret");
  }

  @Test
  void the_line_says_what_to_do() {
    execute(new CompletionException(new OutOfMemoryError("Java heap space")));
    assertThat(err.toString())
        .matches("wxphone: out of memory \\(the heap has [0-9]+ MB\\): give it more, as in .*\\R");
  }

  @Test
  void an_operators_error_and_a_clients_stay_what_they_are() {
    assertThat(execute(OperatorException.usage("wrong"))).isEqualTo(2);
    assertThat(execute(new KafkaException("x"))).isOne();
    assertThat(err.toString().lines())
        .containsExactly("wxphone: wrong", "wxphone: a client failed");
  }
}
