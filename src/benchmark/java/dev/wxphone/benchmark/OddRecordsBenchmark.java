package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.settings.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What records cost that nobody sends in good faith: the CPU of wxphone and the broker together,
 * for each record, beside a good one of about the same size.
 */
@Command(name = "OddRecordsBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class OddRecordsBenchmark implements Callable<Integer> {
  private static final int KIBIBYTE = 1024;

  @Option(names = "--rounds", description = "How often each kind is measured.")
  private int rounds = 3;

  @Option(names = "--megabytes", description = "How much of each kind is published a round.")
  private int megabytes = 64;

  @Mixin private final WxphoneOptions wxphone = new WxphoneOptions();

  /** Makes a record of a kind out of a good click. */
  @FunctionalInterface
  private interface Shape {
    String value(String click, Headers headers);
  }

  /**
   * A kind of record.
   *
   * @param beside the kind that it is compared with
   */
  private record Kind(String name, String beside, Shape shape) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind("good", "good", (click, headers) -> click),
          new Kind("good, 60 KiB", "good, 60 KiB", (click, headers) -> padded(click, "x", 60)),
          new Kind(
              "errMsg of 60 KiB",
              "good, 60 KiB",
              (click, headers) ->
                  click.replace("getPhoneNumber:ok", "user phone ".repeat(60 * KIBIBYTE / 11))),
          new Kind(
              "value of 540 KiB", "value of 540 KiB", (click, headers) -> padded(click, "x", 540)),
          new Kind(
              "6,000 headers",
              "good, 60 KiB",
              (click, headers) -> withHeaders(click, headers, "h", 6_000, 8)),
          new Kind(
              "540 KiB of wxphone.* headers",
              "value of 540 KiB",
              (click, headers) -> withHeaders(click, headers, "wxphone.", 5_400, 80)),
          new Kind(
              "one header of 540 KiB",
              "value of 540 KiB",
              (click, headers) -> withHeaders(click, headers, "h", 1, 540 * KIBIBYTE)));

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new OddRecordsBenchmark()).execute(args));
  }

  private static String padded(String click, String with, int kibibytes) {
    return click.replace(
        "{\"errMsg\"", "{\"pad\":\"" + with.repeat(kibibytes * KIBIBYTE) + "\",\"errMsg\"");
  }

  private static String withHeaders(
      String click, Headers headers, String prefix, int count, int bytes) {
    for (int i = 0; i < count; i++) {
      headers.add(prefix + i, new byte[bytes]);
    }
    return click;
  }

  @Override
  public Integer call() {
    Map<String, List<Double>> micros = new LinkedHashMap<>();
    try (BenchmarkBroker broker = new BenchmarkBroker()) {
      for (Contestant contestant : wxphone.contestants()) {
        Settings installation = broker.install(1, null);
        try (Program program = contestant.start(broker, installation);
            KafkaProducer<byte[], byte[]> producer = producer(broker)) {
          program.awaitReady();
          TopicNames topics = installation.topics();
          ClickGenerator clicks = new ClickGenerator(3, System.currentTimeMillis() / 1000);
          byte[] openid = ClickGenerator.openid(1);
          send(
              producer,
              new ProducerRecord<>(topics.sessionKey(), openid, ClickGenerator.login(1, 0)));
          producer.flush();
          broker.awaitSessionKeysRead(installation);
          // The first round warms up.
          for (int round = 0; round <= rounds; round++) {
            for (Kind kind : KINDS) {
              double cost = cost(broker, program, installation, producer, clicks, kind);
              System.out.printf(
                  "  %-10s %-32s %,12.1f µs/record%n", contestant.name(), kind.name(), cost);
              if (round > 0) {
                micros
                    .computeIfAbsent(contestant.name() + ", " + kind.name(), n -> new ArrayList<>())
                    .add(cost);
              }
            }
          }
          for (Kind kind : KINDS) {
            List<Double> of =
                micros.getOrDefault(contestant.name() + ", " + kind.name(), List.of());
            List<Double> to =
                micros.getOrDefault(contestant.name() + ", " + kind.beside(), List.of());
            System.out.printf(
                "%-10s %-32s µs/record %s; / %s: %s%n",
                contestant.name(),
                kind.name(),
                Ratios.text(of),
                kind.beside(),
                Ratios.text(of, to));
          }
        }
      }
    }
    return 0;
  }

  private double cost(
      BenchmarkBroker broker,
      Program program,
      Settings installation,
      KafkaProducer<byte[], byte[]> producer,
      ClickGenerator clicks,
      Kind kind) {
    byte[] openid = ClickGenerator.openid(1);
    String topic = installation.topics().phonePayload();
    long before = program.cpuTime().plus(broker.cpuTime()).toNanos();
    long sent = 0;
    int records = 0;
    while (sent < (long) megabytes << 20 && records < 100_000) {
      ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, openid, new byte[0]);
      String value = kind.shape().value(clicks.click(1, 0), record.headers());
      int headers = 0;
      for (var header : record.headers()) {
        headers += header.key().length() + header.value().length;
      }
      send(
          producer,
          new ProducerRecord<>(topic, 0, openid, value.getBytes(UTF_8), record.headers()));
      sent += value.length() + headers;
      records++;
    }
    producer.flush();
    Program.await(
        "all is answered",
        () -> broker.committed(installation.applicationId(), topic) >= broker.end(topic));
    long after = program.cpuTime().plus(broker.cpuTime()).toNanos();
    return (after - before) / 1e3 / records;
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    var unused =
        producer.send(
            record,
            (sent, failed) -> {
              if (failed != null) {
                System.err.println("a record was not published: " + failed.getMessage());
              }
            });
  }

  private static KafkaProducer<byte[], byte[]> producer(BenchmarkBroker broker) {
    return new KafkaProducer<>(
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "linger.ms",
            "20",
            "batch.size",
            "131072"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }
}
