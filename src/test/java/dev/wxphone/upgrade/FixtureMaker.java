package dev.wxphone.upgrade;

import static dev.wxphone.integration.kit.TestRecords.textHeader;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link Fixture} of a release, of whichever jar and broker it is given. See
 * contributing.md, "Release".
 *
 * <pre>
 * FixtureMaker FILE JAR CLASSPATH DIRECTORY
 * </pre>
 *
 * <p>CLASSPATH is that of the release's checkout, which has its broker. DIRECTORY is made, and
 * deleted at the end; its path is in the files, so it should be one that could be anybody's.
 */
public final class FixtureMaker {
  private static final String TEN_YEARS = Long.toString(Duration.ofDays(3650).toMillis());
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);

  private final Installation installation;
  private final List<RecordMetadata> published = new ArrayList<>();

  private FixtureMaker(Installation installation) {
    this.installation = installation;
  }

  /** Makes the file. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 4) {
      throw new IllegalArgumentException("FILE JAR CLASSPATH DIRECTORY");
    }
    System.setProperty("wxphone.jar", arguments[1]);
    System.setProperty("surefire.test.class.path", arguments[2]);
    Path directory = Files.createDirectories(Path.of(arguments[3]));
    Path temporary = Files.createTempDirectory("fixture");
    try (PlainBroker broker = new PlainBroker(directory.resolve(Fixture.KAFKA), temporary);
        Installation installation =
            Installation.alone(directory, broker.bootstrapServers(), Fixture.PARTITIONS)) {
      new FixtureMaker(installation).play();
      broker.stop();
      new Fixture(Path.of(arguments[0])).pack(directory);
    }
  }

  private void play() throws Exception {
    Program.await("the topics are made", () -> command("topics", "apply", "--partitions", "2"));
    keepForYears();
    Program run = installation.startRun(Map.of(), "-Dwxphone.session.wait=PT10M").awaitReady();
    long now = System.currentTimeMillis() / 1000;
    login(Person.KNOWN, 0);
    click(Person.KNOWN, Person.KNOWN.click(0, now));
    for (int login = 0; login < 3; login++) {
      login(Person.LOGGED_IN_THRICE, login);
    }
    login(Person.LOGGED_OUT, 0);
    publish(installation.topics().sessionKey(), Person.LOGGED_OUT, null);
    login(Person.FORGOTTEN, 0);
    click(Person.FORGOTTEN, Person.FORGOTTEN.click(0, now));
    click(Person.WAITING, Person.WAITING.click(0, now), textHeader("trace", "kept"));
    click(
        Person.REPLAYED,
        Person.REPLAYED.click(0, now),
        textHeader("wxphone.attempt", "2"),
        textHeader("wxphone.replayed-from", "0@7"),
        textHeader("wxphone.timestamp", Long.toString(now * 1000 - 60_000)));
    login(Person.STALE, 0);
    click(Person.STALE, Person.STALE.click(1, now));
    Program.await("all is read", this::isRead);
    if (!command("forget", Person.FORGOTTEN.openid())) {
      throw new AssertionError("not forgotten; " + run);
    }
    run.terminate(STOPS_WITHIN);
    login(Person.UNREAD, 0);
    click(Person.UNREAD, Person.UNREAD.click(0, now));
  }

  private boolean command(String... command) {
    Program program = installation.startCommand(command);
    Program.Result ended = program.awaitExit();
    if (ended.code() != 0) {
      System.err.println(program);
    }
    return ended.code() == 0;
  }

  /** So that the fixture does not age. */
  private void keepForYears() throws ExecutionException, InterruptedException {
    try (Admin admin = installation.admin()) {
      Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
      for (String topic :
          List.of(
              installation.topics().phonePayload(),
              installation.topics().sessionKey(),
              installation.topics().deadLetter())) {
        changes.put(
            new ConfigResource(ConfigResource.Type.TOPIC, topic),
            List.of(
                new AlterConfigOp(
                    new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, TEN_YEARS), OpType.SET)));
      }
      admin.incrementalAlterConfigs(changes).all().get();
    }
  }

  private void login(Person person, int login) {
    publish(installation.topics().sessionKey(), person, person.login(login));
  }

  private void click(Person person, String value, Header... headers) {
    publish(installation.topics().phonePayload(), person, value, headers);
  }

  private void publish(String topic, Person person, @Nullable String value, Header... headers) {
    published.add(
        installation.publish(
            topic,
            null,
            person.openid().getBytes(UTF_8),
            value == null ? null : value.getBytes(UTF_8),
            headers));
  }

  /** Returns whether the group has read all that is published. */
  private boolean isRead() {
    try (Admin admin = installation.admin()) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets(installation.applicationId())
              .partitionsToOffsetAndMetadata()
              .get();
      return published.stream()
          .allMatch(
              record -> {
                OffsetAndMetadata next =
                    committed.get(new TopicPartition(record.topic(), record.partition()));
                return next != null && next.offset() > record.offset();
              });
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
