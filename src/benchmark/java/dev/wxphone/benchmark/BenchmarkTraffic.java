package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.Partitioning;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a backlog: the logins of all users, then clicks of users drawn at random.
 *
 * @param users how many users log in first
 * @param payloads how many clicks follow
 * @param partitions of each input topic
 * @param troubledPercent how many of 100 clicks are troubled, in the simulator's proportions
 * @param spread whether the clicks are made during two days, so that each has a watermark of its
 *     own, and not all in one second
 */
record BenchmarkTraffic(
    int users, int payloads, int partitions, int troubledPercent, boolean spread) {

  /** Less than {@code wxphone.watermark.max-age}. */
  private static final long SPREAD_SECONDS = 2 * 24 * 60 * 60;

  /** Creates traffic whose clicks are all made in one second. */
  BenchmarkTraffic(int users, int payloads, int partitions, int troubledPercent) {
    this(users, payloads, partitions, troubledPercent, false);
  }

  /** What is wrong with a click, with the simulator's share of it. */
  private enum Trouble {
    LATE_LOGIN(18),
    LOGIN_BEFORE_CLICK(15),
    LOST_LOGIN(3),
    MISPLACED_LOGIN(3),
    MISPLACED_CLICK(3),
    SPACE_FOR_PLUS(3),
    DENIED(4);

    private final int share;

    Trouble(int share) {
      this.share = share;
    }

    static Trouble draw(Random random) {
      int drawn = random.nextInt(49);
      for (Trouble trouble : values()) {
        drawn -= trouble.share;
        if (drawn < 0) {
          return trouble;
        }
      }
      throw new IllegalStateException("the shares come to 49");
    }
  }

  /** How many clicks overtake a late login. */
  private static final int LATE_BY = 200;

  private static final int LOST_GENERATION = 1_000_000;

  /** Publishes all, and returns when the broker has it. */
  void publish(String bootstrapServers, TopicNames topics) {
    try (Publisher publisher = new Publisher(bootstrapServers, topics)) {
      publisher.publishAll();
    }
  }

  private record Late(int at, int user, int generation) {}

  private final class Publisher implements AutoCloseable {
    private final TopicNames topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final long now = System.currentTimeMillis() / 1000;
    private final ClickGenerator clicks = new ClickGenerator(3, now);
    private final Random random = new Random(5);
    private final byte[][] openids = new byte[users][];
    private final int[] generations = new int[users];
    private final Deque<Late> late = new ArrayDeque<>();

    Publisher(String bootstrapServers, TopicNames topics) {
      this.topics = topics;
      Map<String, Object> properties = new HashMap<>();
      properties.put("bootstrap.servers", bootstrapServers);
      properties.put("linger.ms", "50");
      properties.put("batch.size", "131072");
      producer =
          new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void publishAll() {
      for (int user = 0; user < users; user++) {
        openids[user] = ClickGenerator.openid(user);
        login(user, 0, false);
      }
      for (int i = 0; i < payloads; i++) {
        while (!late.isEmpty() && late.peek().at() <= i) {
          Late due = late.remove();
          login(due.user(), due.generation(), false);
        }
        if (spread) {
          clicks.at(now - SPREAD_SECONDS + SPREAD_SECONDS * i / payloads);
        }
        int user = random.nextInt(users);
        if (random.nextInt(100) < troubledPercent) {
          troubledClick(i, user);
        } else {
          plainClick(user);
        }
      }
      late.forEach(due -> login(due.user(), due.generation(), false));
    }

    private void plainClick(int user) {
      send(
          topics.phonePayload(),
          user,
          clicks.click(user, generations[user]).getBytes(UTF_8),
          false);
    }

    private void troubledClick(int number, int user) {
      Trouble trouble = Trouble.draw(random);
      int known = generations[user];
      String click =
          switch (trouble) {
            case LATE_LOGIN -> {
              late.add(new Late(number + LATE_BY, user, ++generations[user]));
              yield clicks.click(user, generations[user]);
            }
            case LOGIN_BEFORE_CLICK -> {
              login(user, ++generations[user], false);
              yield clicks.click(user, known);
            }
            case MISPLACED_LOGIN -> {
              login(user, ++generations[user], true);
              yield clicks.click(user, generations[user]);
            }
            case LOST_LOGIN -> clicks.click(user, LOST_GENERATION);
            case MISPLACED_CLICK -> clicks.click(user, known);
            case SPACE_FOR_PLUS -> clicks.click(user, known).replace('+', ' ');
            case DENIED -> "{\"errMsg\":\"getPhoneNumber:fail user deny\"}";
          };
      send(topics.phonePayload(), user, click.getBytes(UTF_8), trouble == Trouble.MISPLACED_CLICK);
    }

    private void login(int user, int generation, boolean misplaced) {
      send(topics.sessionKey(), user, ClickGenerator.login(user, generation), misplaced);
    }

    // The callback gets every failure.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(String topic, int user, byte[] value, boolean misplaced) {
      byte[] openid = openids[user];
      Integer partition = misplaced ? (Partitioning.of(openid, partitions) + 1) % partitions : null;
      producer.send(
          new ProducerRecord<>(topic, partition, openid, value),
          (sent, failed) -> {
            if (failed != null) {
              failure.compareAndSet(null, failed);
            }
          });
    }

    @Override
    public void close() {
      producer.close();
      Exception failed = failure.get();
      if (failed != null) {
        throw new KafkaException("the traffic could not be published", failed);
      }
    }
  }
}
