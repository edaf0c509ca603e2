package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Forty clicks a second of new users who log in and click, until something is made to go wrong. */
public final class SteadyTraffic implements AutoCloseable {
  private static final int AT_ONCE = 10;
  private static final int PERIOD_MS = 250;
  private static final String QUOTA =
      "{\"errMsg\":\"getPhoneNumber:fail quota is used up\",\"errno\":1400001}";

  private final Installation installation;
  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private volatile boolean logins = true;
  private volatile boolean quota = true;
  private volatile boolean partitioner = true;

  private final ScheduledFuture<?> publishing;

  private SteadyTraffic(Installation installation) {
    this.installation = installation;
    this.publishing =
        executor.scheduleAtFixedRate(this::publish, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** Starts to publish. */
  public static SteadyTraffic start(Installation installation) {
    return new SteadyTraffic(installation);
  }

  /** No further login is published. */
  public void stopLogins() {
    logins = false;
  }

  /** Of 10 clicks, 4 are refused by WeChat. */
  public void useUpQuota() {
    quota = false;
  }

  /** Of 10 clicks, 3 are published into the wrong partition. */
  public void useAnotherPartitioner() {
    partitioner = false;
  }

  private void publish() {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      TestUser user = new TestUser();
      if (logins) {
        records.add(record(installation.topics().sessionKey(), null, user, user.login()));
      }
      boolean refused = !quota && i < 4;
      boolean misplaced = !partitioner && i >= 7;
      records.add(
          record(
              installation.topics().phonePayload(),
              misplaced ? Installation.wrongPartition(user.openid()) : null,
              user,
              refused ? QUOTA : user.click().json()));
    }
    installation.publishAll(records);
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, @Nullable Integer partition, TestUser user, String value) {
    return new ProducerRecord<>(
        topic, partition, user.openid().getBytes(UTF_8), value.getBytes(UTF_8));
  }

  @Override
  public void close() {
    boolean failed = publishing.isDone();
    executor.shutdownNow();
    assertThat(failed).as("publishing has failed").isFalse();
  }
}
