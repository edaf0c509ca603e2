package dev.wxphone.tools.skip;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.operator.Units;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.skip.Skip.Skipped;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** The command that goes past a record which the stream can't read. */
@Command(
    name = "skip",
    mixinStandardHelpOptions = true,
    description = {
      "Goes past a record that the stream can't read, because it is larger than its memory once it is"
          + " unpacked: writes a dead letter without the value, and moves the group's offset behind"
          + " the record, in one transaction.",
      "Stop wxphone run first. The line with which it ends names the record.",
      "What lies behind the record in the same batch can't be read either, and becomes dead letters"
          + " too: wxphone replay sends such payloads again; publish such session keys again."
    })
public final class SkipCommand implements Callable<Integer> {
  @Mixin private final KafkaOptions kafka = new KafkaOptions();
  @Mixin private final Output output = new Output();

  @Parameters(
      paramLabel = "TOPIC-PARTITION@OFFSET",
      converter = CoordinatesConverter.class,
      description = "The record, as in phone-payload-3@1742.")
  private @Nullable RecordCoordinates record;

  @Override
  public Integer call() {
    RecordCoordinates at = Objects.requireNonNull(record);
    Settings settings = kafka.settings();
    TopicNames topics = settings.topics();
    if (!List.of(topics.phonePayload(), topics.sessionKey()).contains(at.topic())) {
      throw new ParameterException(
          output.commandLine(),
          "TOPIC-PARTITION@OFFSET: the topic must be %s or %s"
              .formatted(topics.phonePayload(), topics.sessionKey()));
    }
    try (Skip skip = new Skip(settings)) {
      List<Skipped> skipped = skip.skip(at);
      output.print(
          output.json() ? skipped.stream().map(SkipCommand::json).toList() : text(at, skipped));
    }
    return 0;
  }

  static List<String> text(RecordCoordinates at, List<Skipped> skipped) {
    List<String> lines = new ArrayList<>();
    for (Skipped one : skipped) {
      lines.add(
          "%s (%s) is dead letter %s, %s"
              .formatted(
                  one.record(), Units.count(one.bytes(), "byte"), one.letter(), one.reason()));
    }
    if (skipped.size() > 1) {
      lines.add(
          "%s in the batch of %s: see wxphone dead-letters list"
              .formatted(Units.count(skipped.size() - 1, "record") + " behind it", at));
    }
    lines.add("skipped; start wxphone run again");
    return lines;
  }

  static String json(Skipped one) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("record", one.record().toString())
        .put("bytes", one.bytes())
        .put("letter", one.letter().toString())
        .put("reason", one.reason().name())
        .put("withheld", one.isWithheld())
        .toString();
  }

  static final class CoordinatesConverter implements ITypeConverter<RecordCoordinates> {
    @Override
    public RecordCoordinates convert(String value) {
      RecordCoordinates at = RecordCoordinates.parse(value);
      if (at == null) {
        throw new TypeConversionException(
            "takes a record's coordinates, TOPIC-PARTITION@OFFSET, as in phone-payload-3@1742");
      }
      return at;
    }
  }
}
