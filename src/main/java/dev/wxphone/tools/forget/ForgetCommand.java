package dev.wxphone.tools.forget;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.settings.Settings;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Forgets a person. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description = {
      "Forgets persons: the processor drops their session keys, puts a null in place of their profile,"
          + " and makes no profile of a click up to now.",
      "Prints what still holds data of theirs, and until when. Exits 1 where the processor has not"
          + " done it in time; it will, once it runs."
    })
public final class ForgetCommand implements Callable<Integer> {
  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Parameters(arity = "1..*", paramLabel = "OPENID", description = "Who is to be forgotten.")
  private final Set<String> openids = new LinkedHashSet<>();

  @Option(names = "--json", description = "JSON objects, one a line.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    for (String openid : openids) {
      if (!Openid.isOne(openid.getBytes(UTF_8))) {
        throw new ParameterException(
            command.commandLine(), "OPENID: 1 to 512 bytes of text, as in the records' keys");
      }
    }
    Settings settings = kafka.settings();
    try (ErasureRequest forgetting = new ErasureRequest(settings)) {
      int open = forgetting.forget(openids);
      PrintWriter out = command.commandLine().getOut();
      List<RemainingData> holdings = forgetting.holdings();
      if (json) {
        holdings.forEach(holding -> out.println(holding.json()));
      } else {
        out.printf("forgotten %d%n%n", openids.size() - open);
        RemainingData.text(holdings, ZoneId.systemDefault()).forEach(out::println);
        out.printf(
            "%nWho copied profiles elsewhere learns of it by the null on %s.%n",
            settings.topics().userProfile());
      }
      out.flush();
      if (open > 0) {
        PrintWriter err = command.commandLine().getErr();
        err.printf(
            "wxphone: %d not forgotten yet: it is published, and done once wxphone run reads it%n",
            open);
        err.flush();
      }
      return open == 0 ? 0 : 1;
    }
  }
}
