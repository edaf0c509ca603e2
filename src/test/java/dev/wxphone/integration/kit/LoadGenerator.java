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
 * Visitors without end, each one's answer known beforehand whatever becomes of the processor: plain
 * ones, early and late keys, lost keys, records in wrong partitions, rubbish.
 */
public final class LoadGenerator implements AutoCloseable {
  /** Of whoever logs in late: far less than what a click waits, however slow the machine is. */
  private static final int LATE_BY = 2;

  private final Installation at;
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicLong published = new AtomicLong();
  private final Map<Reason, Long> expected = new EnumMap<>(Reason.class);
  private final Deque<TestUser> late = new ArrayDeque<>();
  private final CompletableFuture<Void> ended;

  private LoadGenerator(Installation at) {
    this.at = at;
    ended = CompletableFuture.runAsync(this::comeAndGo, work -> new Thread(work, "crowd").start());
  }

  /** They begin to come. */
  public static LoadGenerator at(Installation installation) {
    return new LoadGenerator(installation);
  }

  /** Waits until so many more payloads are published. */
  public void awaitMore(long payloads) {
    long wanted = published.get() + payloads;
    Program.await(
        wanted + " payloads are published", () -> published.get() >= wanted || ended.isDone());
  }

  /** Nobody comes any longer; returns how many payloads were published. */
  public long stop() {
    told.set(true);
    try {
      ended.get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return published.get();
  }

  /** How many dead letters of each reason there must be; complete after {@link #stop}. */
  public Map<Reason, Long> expectedLetters() {
    return expected;
  }

  @Override
  public void close() {
    stop();
  }

  private void comeAndGo() {
    for (int number = 0; !told.get(); number++) {
      visit(number % 8, new TestUser());
      while (late.size() > LATE_BY) {
        loginOf(late.remove());
      }
    }
    late.forEach(this::loginOf);
  }

  private void visit(int kind, TestUser visitor) {
    switch (kind) {
      case 0 -> {
        // Key behind: it comes when some others have been here.
        click(null, visitor, visitor.click().json());
        late.add(visitor);
      }
      case 1 -> {
        // Key ahead.
        at.login(visitor.openid(), visitor.login(visitor.before()));
        at.login(visitor.openid(), visitor.login());
        click(null, visitor, visitor.click(visitor.before()).json());
      }
      case 2 -> {
        // Key lost.
        click(null, visitor, visitor.click().json());
        expect(Reason.SESSION_KEY_MISSING);
      }
      case 3 -> {
        loginOf(visitor);
        click(Installation.wrongPartition(visitor.openid()), visitor, visitor.click().json());
      }
      case 4 -> {
        at.publish(
            at.topics().sessionKey(),
            Installation.wrongPartition(visitor.openid()),
            visitor.openid(),
            visitor.login());
        click(null, visitor, visitor.click().json());
      }
      case 5 -> {
        click(null, visitor, "{\"encryptedData\":");
        expect(Reason.MALFORMED_PAYLOAD);
      }
      default -> {
        loginOf(visitor);
        click(null, visitor, visitor.click().json());
      }
    }
  }

  private void loginOf(TestUser visitor) {
    at.login(visitor.openid(), visitor.login());
  }

  private void click(@Nullable Integer partition, TestUser visitor, String value) {
    at.publish(
        at.topics().phonePayload(),
        partition,
        visitor.openid().getBytes(UTF_8),
        value.getBytes(UTF_8));
    published.incrementAndGet();
  }

  private void expect(Reason reason) {
    expected.merge(reason, 1L, Long::sum);
  }
}
