package dev.wxphone.tools.books;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wxphone.books.BookKeeper;
import dev.wxphone.books.Books;
import dev.wxphone.books.BooksReport;
import dev.wxphone.cli.DurationConverter;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.kafka.OversizedRecords;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.RequiredTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks from the topics alone that every payload has exactly one answer. */
@Command(
    name = "books",
    mixinStandardHelpOptions = true,
    description = {
      "Checks from the topics alone that every payload has exactly one answer; exits 1 if the books"
          + " do not balance.",
      "Waits for answers as long as a payload may wait for its session key, and 5 seconds more."
    })
public final class BooksCommand implements Callable<Integer> {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  @Mixin private final KafkaOptions kafka = new KafkaOptions();
  @Mixin private final Output output = new Output();

  @Option(
      names = "--since",
      paramLabel = "DURATION",
      defaultValue = "23h",
      converter = DurationConverter.class,
      description =
          "Payloads since this long ago, as in 90m or 2h (default: ${DEFAULT-VALUE}; of older ones,"
              + " compaction may have removed a profile that a newer one replaced).")
  private @Nullable Duration since;

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
      Books books = read(keeper, properties, settings.sessionWait().plus(GRACE));
      output.print(output.json() ? List.of(json(books).toString()) : text(books));
      return books.balance() ? 0 : 1;
    }
  }

  private static Books read(BookKeeper keeper, KafkaProperties properties, Duration wait) {
    try {
      keeper.closeIntake();
      Instant end = Instant.now().plus(wait);
      Books books = keeper.readToEnd();
      while (books.unanswered() > 0 && Instant.now().isBefore(end)) {
        keeper.read(POLL);
        books = keeper.books();
      }
      return books;
    } catch (OutOfMemoryError e) {
      throw OversizedRecords.failure(properties, keeper.positions(), e);
    }
  }

  private static List<String> text(Books books) {
    List<String> lines = new ArrayList<>(BooksReport.text(books));
    lines.addAll(List.of("", BooksReport.verdict(books)));
    return lines;
  }

  private static ObjectNode json(Books books) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
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
