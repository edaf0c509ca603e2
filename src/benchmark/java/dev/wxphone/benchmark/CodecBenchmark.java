package dev.wxphone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import cn.binarywang.wx.miniapp.bean.WxMaPhoneNumberInfo;
import cn.binarywang.wx.miniapp.util.crypt.WxMaCryptUtils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.PayloadJudge;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What the proof of one click takes, from the received payload and a known session key to the JSON
 * of the profile: wxphone, the least that any program needs (three base64 decodings and one
 * decryption with a cipher that is kept), and WxJava, which neither analyses the number nor checks
 * anything. Prints medians, which other load on the machine hardly moves, bytes of garbage and
 * ratios. Takes JMH's options.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 3)
@Measurement(iterations = 5, time = 2)
@Fork(3)
public class CodecBenchmark {
  private static final int USERS = 4096;
  private static final int CIPHERTEXT = 160;
  private static final String GARBAGE = "gc.alloc.rate.norm";

  /** One click, as each of the three takes it. */
  private record Click(
      ReceivedRecord received, UserState user, String sessionKey, String data, String iv) {}

  private final PayloadJudge judge =
      PayloadJudge.of(Settings.load(null, Map.of(), Map.of(), warning -> {}).answerRules());
  private final Cipher cipher;
  private final Click[] clicks = new Click[USERS];
  private final long now = System.currentTimeMillis();
  private int next;

  /** Makes the clicks. */
  public CodecBenchmark() {
    try {
      cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
    ClickGenerator generator = new ClickGenerator(7, now / 1000);
    for (int user = 0; user < USERS; user++) {
      clicks[user] = click(generator, user);
    }
  }

  private Click click(ClickGenerator generator, int user) {
    String payload = generator.click(user, 0);
    byte[] key = ClickGenerator.sessionKey(user, 0);
    JsonNode fields;
    try {
      fields = new JsonMapper().readTree(payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ReceivedRecord received =
        new ReceivedRecord(
            ClickGenerator.openid(user),
            payload.getBytes(UTF_8),
            new RecordHeaders(),
            new RecordCoordinates("phone-payload", 0, user),
            new Provenance(now, 1, null, null));
    UserState state =
        new UserState(
            List.of(SessionKey.of(key, ClickGenerator.APPID)),
            null,
            UserState.NEVER,
            UserState.NEVER);
    Click click =
        new Click(
            received,
            state,
            Base64.getEncoder().encodeToString(key),
            fields.get("encryptedData").textValue(),
            fields.get("iv").textValue());
    requireSame(click);
    return click;
  }

  private void requireSame(Click click) {
    boolean proven =
        judge.judge(click.received(), click.user(), now).verdict() instanceof Verdict.Proven;
    if (!proven || Base64.getDecoder().decode(click.data()).length != CIPHERTEXT) {
      throw new IllegalStateException("not the click that is to be measured");
    }
  }

  /** Runs all three and prints what they come to. */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    // Its forks take the class path from there.
    System.setProperty("java.class.path", BenchmarkBroker.classPath());
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .parent(new CommandLineOptions(args))
                    .include(CodecBenchmark.class.getName())
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    Map<String, Double> nanos = new HashMap<>();
    for (RunResult result : results) {
      String name = result.getPrimaryResult().getLabel();
      double median = result.getPrimaryResult().getStatistics().getPercentile(50);
      nanos.put(name, median);
      System.out.printf(
          Locale.ROOT,
          "%-8s median %,6.0f ns (mean %,.0f), %,6.0f bytes of garbage for each click%n",
          name,
          median,
          result.getPrimaryResult().getScore(),
          Objects.requireNonNull(result.getSecondaryResults().get(GARBAGE)).getScore());
    }
    System.out.printf(
        Locale.ROOT,
        "wxphone / floor: %.2f; wxjava / wxphone: %.2f%n",
        nanos.getOrDefault("wxphone", 0.0) / nanos.getOrDefault("floor", 0.0),
        nanos.getOrDefault("wxjava", 0.0) / nanos.getOrDefault("wxphone", 0.0));
    System.exit(0);
  }

  /** The proof as the stream calls it, the number analysed, and the profile's JSON. */
  @Benchmark
  public Object wxphone() {
    Click click = next();
    PayloadJudge.Outcome outcome = judge.judge(click.received(), click.user(), now);
    return outcome;
  }

  /** The least: what is received is not even read. */
  @Benchmark
  public byte[] floor() throws GeneralSecurityException {
    Click click = next();
    Base64.Decoder base64 = Base64.getDecoder();
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(base64.decode(click.sessionKey()), "AES"),
        new IvParameterSpec(base64.decode(click.iv())));
    return cipher.doFinal(base64.decode(click.data()));
  }

  /** What a backend with WxJava does once it has the three texts. */
  @Benchmark
  public WxMaPhoneNumberInfo wxjava() {
    Click click = next();
    return WxMaPhoneNumberInfo.fromJson(
        WxMaCryptUtils.decrypt(click.sessionKey(), click.data(), click.iv()));
  }

  private Click next() {
    next = (next + 1) % USERS;
    return clicks[next];
  }
}
