package dev.wxphone.tools.forget;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.settings.Settings;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The command that forgets users. */
@Command(
    name = "forget",
    mixinStandardHelpOptions = true,
    description = {
      "Forgets persons: the processor drops their session keys, puts a null in place of their profile,"
          + " and makes no profile of a click up to now.",
      "Prints what still holds data of theirs, and until when. Exits 1 if the processor has not"
          + " done it in time; it will, once it runs."
    })
public final class ForgetCommand implements Callable<Integer> {
  @Mixin private final KafkaOptions kafka = new KafkaOptions();
  @Mixin private final Output output = new Output();

  @Parameters(arity = "1..*", paramLabel = "OPENID", description = "Who is to be forgotten.")
  private final Set<String> openids = new LinkedHashSet<>();

  @Override
  public Integer call() {
    for (String openid : openids) {
      if (!Openid.isOne(openid.getBytes(UTF_8))) {
        throw new ParameterException(
            output.commandLine(),
            "OPENID: 1 to 512 letters, digits, _ and -, as in the records' keys");
      }
    }
    Settings settings = kafka.settings();
    try (ErasureRequest request = new ErasureRequest(settings)) {
      int open = request.forget(openids);
      List<RemainingData> remaining = request.remainingData();
      output.print(
          output.json()
              ? remaining.stream().map(RemainingData::json).toList()
              : text(openids.size() - open, remaining, settings.topics().userProfile()));
      if (open > 0) {
        PrintWriter err = output.commandLine().getErr();
        err.printf(
            "wxphone: %d not forgotten yet: it is published, and done once wxphone run reads it%n",
            open);
        err.flush();
      }
      return open == 0 ? 0 : 1;
    }
  }

  private static List<String> text(int forgotten, List<RemainingData> remaining, String profiles) {
    List<String> lines = new ArrayList<>(List.of("forgotten " + forgotten, ""));
    lines.addAll(RemainingData.text(remaining, ZoneId.systemDefault()));
    lines.add("");
    lines.add("Who copied profiles elsewhere learns of it by the null on " + profiles + ".");
    return lines;
  }
}
