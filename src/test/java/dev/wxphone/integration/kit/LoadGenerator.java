package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.domain.Reason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the clicks of new users until it is stopped. The answer to each is known beforehand,
 * whatever happens to the processor: plain clicks, early and late keys, lost keys, records in wrong
 * partitions, malformed payloads.
 */
public final class LoadGenerator implements AutoCloseable {
  /** How many later logins overtake a late one: far less than a click waits on a slow machine. */
  private static final int MAX_LATE_LOGINS = 2;

  private final Installation installation;
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final AtomicLong published = new AtomicLong();
  private final Map<Reason, Long> expected = new EnumMap<>(Reason.class);
  private final Deque<TestUser> lateLogins = new ArrayDeque<>();
  private final CompletableFuture<Void> ended;

  private LoadGenerator(Installation installation) {
    this.installation = installation;
    ended =
        CompletableFuture.runAsync(
            this::publishVisits, work -> new Thread(work, "load-generator").start());
  }

  /** Starts to publish. */
  public static LoadGenerator start(Installation installation) {
    return new LoadGenerator(installation);
  }

  /** Waits until this many more payloads are published. */
  public void awaitMore(long payloads) {
    long wanted = published.get() + payloads;
    Program.await(
        wanted + " payloads are published", () -> published.get() >= wanted || ended.isDone());
  }

  /** Stops, and returns how many payloads were published. */
  public long stop() {
    stopped.set(true);
    try {
      ended.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return published.get();
  }

  /** Returns the expected dead letters by reason; complete after {@link #stop}. */
  public Map<Reason, Long> expectedDeadLetters() {
    return expected;
  }

  @Override
  public void close() {
    stop();
  }

  private void publishVisits() {
    for (int number = 0; !stopped.get(); number++) {
      visit(number % 8, new TestUser());
      while (lateLogins.size() > MAX_LATE_LOGINS) {
        login(lateLogins.remove());
      }
    }
    lateLogins.forEach(this::login);
  }

  private void visit(int kind, TestUser user) {
    switch (kind) {
      case 0 -> {
        // The key is published after the clicks of some others.
        click(null, user, user.click().json());
        lateLogins.add(user);
      }
      case 1 -> {
        // A newer key is published before the click.
        installation.login(user.openid(), user.login(user.previousSessionKey()));
        installation.login(user.openid(), user.login());
        click(null, user, user.click(user.previousSessionKey()).json());
      }
      case 2 -> {
        // The key is never published.
        click(null, user, user.click().json());
        expect(Reason.SESSION_KEY_MISSING);
      }
      case 3 -> {
        login(user);
        click(Installation.wrongPartition(user.openid()), user, user.click().json());
      }
      case 4 -> {
        installation.publish(
            installation.topics().sessionKey(),
            Installation.wrongPartition(user.openid()),
            user.openid(),
            user.login());
        click(null, user, user.click().json());
      }
      case 5 -> {
        click(null, user, "{\"encryptedData\":");
        expect(Reason.MALFORMED_PAYLOAD);
      }
      default -> {
        login(user);
        click(null, user, user.click().json());
      }
    }
  }

  private void login(TestUser user) {
    installation.login(user.openid(), user.login());
  }

  private void click(@Nullable Integer partition, TestUser user, String value) {
    installation.publish(
        installation.topics().phonePayload(),
        partition,
        user.openid().getBytes(UTF_8),
        value.getBytes(UTF_8));
    published.incrementAndGet();
  }

  private void expect(Reason reason) {
    expected.merge(reason, 1L, Long::sum);
  }
}
