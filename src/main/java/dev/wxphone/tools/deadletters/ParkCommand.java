package dev.wxphone.tools.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.ProgressLine;
import dev.wxphone.core.codec.AuditRecord;
import dev.wxphone.core.envelope.DeadLetterId;
import dev.wxphone.kafka.BlockingPublisher;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.letters.AuthorOption;
import dev.wxphone.letters.DeadLetters;
import dev.wxphone.letters.LetterFilterOptions;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.settings.Settings;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command that marks dead letters as dealt with. */
@Command(
    name = "park",
    mixinStandardHelpOptions = true,
    description = {
      "Marks dead letters as dealt with, so that they are not offered again.",
      "They stay on the topic: list --again shows them, and replay --again sends them."
    })
public final class ParkCommand implements Callable<Integer> {
  @Mixin private final KafkaOptions kafka = new KafkaOptions();
  @Mixin private final AuthorOption author = new AuthorOption();

  @Parameters(
      arity = "1..*",
      paramLabel = "ID",
      converter = LetterFilterOptions.IdConverter.class,
      description = "The letters, as partition@offset.")
  private final Set<DeadLetterId> ids = new LinkedHashSet<>();

  @Option(names = "--why", paramLabel = "TEXT", description = "A reason, for the audit.")
  private @Nullable String why;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    Settings settings = kafka.settings();
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    try (ProgressLine progress = new ProgressLine(command);
        DeadLetters letters = DeadLetters.open(settings, read -> progress.count("reading", read))) {
      Set<DeadLetterId> missing = new LinkedHashSet<>(ids);
      letters.readWhile(
          letter -> {
            missing.remove(letter.id());
            return !missing.isEmpty();
          });
      progress.clear();
      if (!missing.isEmpty()) {
        throw OperatorException.failed(
            "there is no dead letter %s, so nothing was parked; wxphone dead-letters list shows which there are"
                .formatted(
                    missing.stream()
                        .map(DeadLetterId::toString)
                        .collect(Collectors.joining(", "))));
      }
      publish(
          settings,
          new AuditRecord(
              AuditRecord.Action.PARKED,
              Instant.now().truncatedTo(ChronoUnit.MILLIS),
              author.by(),
              UUID.randomUUID().toString(),
              letters.topic().id(),
              why));
    }
    PrintWriter out = command.getOut();
    out.println("parked " + ids.size());
    out.flush();
    return 0;
  }

  /** Returns once the broker has acknowledged all records; a repetition does no harm. */
  private void publish(Settings settings, AuditRecord entry) {
    String topic = settings.topics().deadLetterAudit();
    byte[] value = entry.write();
    BlockingPublisher.publish(
        new KafkaProperties(settings),
        topic,
        ids.stream()
            .map(id -> new ProducerRecord<>(topic, id.toString().getBytes(UTF_8), value))
            .toList());
  }
}
