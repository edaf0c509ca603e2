package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What {@code dead-letters stats} and {@code replay --dry-run} take in a large installation: the
 * letters are few, but what is known of their users lies among the session keys and profiles of
 * all.
 */
@Command(name = "LettersBenchmark", mixinStandardHelpOptions = true, showDefaultValues = true)
public final class LettersBenchmark implements Callable<Integer> {
  private static final Duration LONGEST = Duration.ofMinutes(10);

  @Option(names = "--users", description = "How many users have a session key and a profile.")
  private int users = 10_000_000;

  @Option(names = "--letters", description = "How many of them have a dead letter.")
  private int letters = 10_000;

  @Option(names = "--partitions", description = "Of each topic.")
  private int partitions = 8;

  @Option(names = "--rounds", description = "How often each command is measured.")
  private int rounds = 2;

  @Option(names = "--heap", description = "Of the commands, in MB.")
  private int heap = 256;

  @Option(names = "--jar", description = "Jars of wxphone, measured in turn.")
  private List<Path> jars = List.of(Path.of("target/wxphone.jar"));

  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  /** Measures and prints. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new LettersBenchmark()).execute(args));
  }

  @Override
  public Integer call() {
    try (BenchmarkBroker broker = new BenchmarkBroker()) {
      Settings installation = broker.install(partitions, null);
      publish(broker.bootstrapServers(), installation.topics());
      for (int round = 0; round < rounds; round++) {
        for (Path jar : jars) {
          measure(installation, jar, List.of("dead-letters", "stats"));
          measure(installation, jar, List.of("replay", "--dry-run"));
        }
      }
    }
    return 0;
  }

  private void publish(String bootstrapServers, TopicNames topics) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("linger.ms", "50");
    properties.put("batch.size", "131072");
    long seconds = System.currentTimeMillis() / 1000;
    ClickGenerator clicks = new ClickGenerator(3, seconds);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int user = 0; user < users; user++) {
        byte[] openid = ClickGenerator.openid(user);
        byte[] login = ClickGenerator.login(user, 0);
        byte[] profile = profile(new String(openid, UTF_8), seconds - 3_600);
        send(producer, new ProducerRecord<>(topics.sessionKey(), openid, login));
        send(producer, new ProducerRecord<>(topics.userProfile(), openid, profile));
        if (user % Math.max(1, users / letters) == 0) {
          send(producer, letter(topics, openid, clicks.click(user, 0).getBytes(UTF_8)));
        }
      }
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("the records could not be published", failed);
    }
  }

  private static byte[] profile(String openid, long seconds) {
    return """
        {"openid":"%s","appid":"%s","phoneNumber":"13580006666","purePhoneNumber":"13580006666",\
        "countryCode":"86","e164":"+8613580006666","region":"CN","numberType":"MOBILE",\
        "watermark":{"appid":"%s","timestamp":%d},"sessionKeyAge":0}"""
        .formatted(openid, ClickGenerator.APPID, ClickGenerator.APPID, seconds)
        .getBytes(UTF_8);
  }

  /** As the processor writes it, of a click that came before its login. */
  private ProducerRecord<byte[], byte[]> letter(TopicNames topics, byte[] openid, byte[] click) {
    RecordCoordinates source =
        new RecordCoordinates(topics.phonePayload(), Partitioning.of(openid, partitions), 0);
    OutgoingDeadLetter letter =
        OutgoingDeadLetter.ofPayload(
            new ReceivedRecord(
                openid,
                click,
                new RecordHeaders(),
                source,
                new Provenance(System.currentTimeMillis(), 1, null, null)),
            new Cause(Reason.SESSION_KEY_MISSING, "No session key is known.", 0),
            Instant.now());
    return new ProducerRecord<>(
        topics.deadLetter(), null, letter.key(), letter.value(), letter.headers());
  }

  // The callback gets every failure.
  @SuppressWarnings("FutureReturnValueIgnored")
  private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> record) {
    producer.send(
        record,
        (sent, failed) -> {
          if (failed != null) {
            failure.compareAndSet(null, failed);
          }
        });
  }

  private void measure(Settings installation, Path jar, List<String> command) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                BenchmarkBroker.java(),
                "-Xmx" + heap + "m",
                "-jar",
                jar.toAbsolutePath().toString()));
    arguments.addAll(command);
    arguments.add("-Dbootstrap.servers=" + installation.bootstrapServers().orElseThrow());
    installation
        .topics()
        .byDefaultName()
        .forEach((topic, itsName) -> arguments.add("-Dwxphone.topic." + topic + "=" + itsName));
    long start = System.nanoTime();
    try (Program program = Program.command(Path.of("").toAbsolutePath(), Map.of(), arguments)) {
      Duration cpu = Duration.ZERO;
      long kilobytes = 0;
      while (program.isAlive() && System.nanoTime() - start < LONGEST.toNanos()) {
        try {
          cpu = program.cpuTime();
          kilobytes = Math.max(kilobytes, program.peakResidentKilobytes());
          Thread.sleep(200);
        } catch (IllegalStateException | InterruptedException ended) {
          break;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Program.Result result = program.awaitExit();
      System.out.printf(
          Locale.ROOT,
          "%s, %s: %.1f s, %.1f s of CPU, peak %,d MB, exit code %d%n%s%n",
          jar.getFileName(),
          String.join(" ", command),
          seconds,
          cpu.toMillis() / 1e3,
          kilobytes / 1024,
          result.code(),
          String.join("\n", result.code() == 0 ? lastLines(result.out()) : result.err()));
    }
  }

  private static List<String> lastLines(List<String> lines) {
    return lines.subList(Math.max(0, lines.size() - 6), lines.size());
  }
}
