package dev.wxphone.tools.books;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.cli.DurationConverter;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.core.books.BookKeeper;
import dev.wxphone.core.books.Books;
import dev.wxphone.core.books.BooksReport;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.RequiredTopics;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks from the topics alone that every payload has exactly one answer. */
@Command(
    name = "books",
    mixinStandardHelpOptions = true,
    description = {
      "Checks from the topics alone that every payload has exactly one answer; exits 1 where the"
          + " books do not balance.",
      "Gives the payloads that are there now the time that they may wait, and 5 seconds more."
    })
public final class BooksCommand implements Callable<Integer> {
  private static final Duration BEYOND_WAITING = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "23h",
      converter = DurationConverter.class,
      description =
          "Payloads of so long, as in 90m or 2h (default: ${DEFAULT-VALUE}; later, compaction may"
              + " have taken a profile that a newer one replaced).")
  private @Nullable Duration since;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = kafka.settings();
    KafkaProperties properties = new KafkaProperties(settings);
    TopicNames topics = settings.topics();
    RequiredTopics.read(
        properties, List.of(topics.phonePayload(), topics.userProfile(), topics.deadLetter()));
    Instant from = Instant.now().minus(Objects.requireNonNull(since));
    try (BookKeeper keeper =
        BookKeeper.since(new KafkaConsumer<>(properties.ofReader()), topics, from)) {
      keeper.closeIntake();
      Instant end = Instant.now().plus(settings.sessionWait()).plus(BEYOND_WAITING);
      Books books = keeper.readToEnd();
      while (books.unanswered() > 0 && Instant.now().isBefore(end)) {
        keeper.read(POLL);
        books = keeper.books();
      }
      print(books);
      return books.balance() ? 0 : 1;
    }
  }

  private void print(Books books) {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      out.println(toJson(books));
    } else {
      BooksReport.text(books).forEach(out::println);
      out.println();
      out.println(BooksReport.verdict(books));
    }
    out.flush();
  }

  private static ObjectNode toJson(Books books) {
    ObjectNode node =
        new ObjectMapper()
            .createObjectNode()
            .put("balance", books.balance())
            .put("payloads", books.payloads() - books.rerouted())
            .put("rerouted", books.rerouted())
            .put("profiles", books.profiles())
            .put("unanswered", books.unanswered())
            .put("twice", books.twice())
            .put("strange", books.strange())
            .put("unknownReasons", books.unknownReasons())
            .put("forged", books.forged());
    ObjectNode letters = node.putObject("deadLetters");
    books.deadLetters().forEach((reason, count) -> letters.put(reason.name(), count));
    return node;
  }
}
