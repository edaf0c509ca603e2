package dev.wxphone.integration;

import static dev.wxphone.core.proof.Clicks.flip;
import static dev.wxphone.integration.kit.Installation.header;
import static dev.wxphone.integration.kit.Installation.source;
import static dev.wxphone.integration.kit.Installation.wrongPartition;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wxphone.core.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.LoadGenerator;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;

/** The jar's {@code run} against a broker, both processes of their own. */
@ExtendWith(SharedBroker.Extension.class)
final class RunIT {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
  private static final String PATIENT = "-Dwxphone.session.wait=PT5S";
  private static final long DAY = 24 * 3600;
  private static final int TWENTY_MEGABYTES = 20 * 1024 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Installation at;

  RunIT(SharedBroker broker) {
    at = new Installation(broker);
  }

  @AfterEach
  void end() {
    at.close();
  }

  // ---- answers and secrets

  @Test
  @Execution(CONCURRENT)
  void answers_are_as_specified_and_nothing_secret_shows() {
    Program run =
        at.start(
                Map.of("LOG_LEVEL", "DEBUG", "KAFKA_LOG_LEVEL", "DEBUG"), "-Dwxphone.reroute=false")
            .awaitReady();
    Secrets secrets = new Secrets();
    List<Published> all = new ArrayList<>();
    for (Sample sample : samples()) {
      all.add(sample.publish(at, secrets));
    }
    TestUser misused = new TestUser();
    secrets.of(misused, misused.click().json());
    RecordMetadata wrongLogin = at.login("o-somebody-else", misused.login());

    for (Published published : all) {
      published.check(at);
    }
    assertThat(at.answerTo(wrongLogin))
        .returns(null, ConsumerRecord::value)
        .returns("MALFORMED_SESSION_KEY", letter -> header(letter, "wxphone.reason"))
        .returns("never", letter -> header(letter, "wxphone.recovery"));
    assertThat(at.booksOf(all.size())).returns(true, Books::balance);

    assertThat(run.get("/live").statusCode()).isEqualTo(200);
    long profiles = all.stream().filter(published -> published.sample().reason() == null).count();
    assertThat(run.metric("wxphone_profiles_total")).isEqualTo((double) profiles);
    String metrics = run.get("/metrics").body();
    Program.Ended ended = run.terminate(TEN_SECONDS);
    assertThat(ended.code()).isZero();

    // Else there would be nothing to find.
    assertThat(ended.err()).anyMatch(line -> line.contains(" DEBUG KafkaProducer "));
    Stream.of(ended.out(), ended.err(), metrics.lines().toList(), headers())
        .flatMap(List::stream)
        .forEach(secrets::requireNoneIn);
  }

  private List<String> headers() {
    return at.answers().stream()
        .flatMap(answer -> Arrays.stream(answer.headers().toArray()))
        .map(header -> header.key() + ": " + new String(header.value(), UTF_8))
        .toList();
  }

  /** A click, and what has to come of it; a profile where there is no reason. */
  private record Sample(
      @Nullable Reason reason, TestUser visitor, List<String> logins, Click click) {

    interface Click {
      String of(TestUser visitor);
    }

    Published publish(Installation at, Secrets secrets) {
      logins.forEach(login -> at.login(visitor.openid(), login));
      String value = click.of(visitor);
      secrets.of(visitor, value);
      boolean misplaced = reason == Reason.WRONG_PARTITION;
      RecordMetadata record =
          at.publish(
              at.topics().phonePayload(),
              misplaced ? wrongPartition(visitor.openid()) : null,
              visitor.openid(),
              value,
              new RecordHeader("trace", "7".getBytes(UTF_8)));
      return new Published(this, record, value);
    }
  }

  private record Published(Sample sample, RecordMetadata record, String value) {
    void check(Installation at) {
      ConsumerRecord<byte[], byte[]> answer = at.answerTo(record);
      assertThat(answer.key()).asString(UTF_8).isEqualTo(sample.visitor().openid());
      assertThat(header(answer, "wxphone.source")).isEqualTo(source(record));
      assertThat(header(answer, "trace")).isEqualTo("7");
      Reason reason = sample.reason();
      if (reason == null) {
        profile(at, answer);
      } else {
        letter(at, answer, reason);
      }
    }

    private void profile(Installation at, ConsumerRecord<byte[], byte[]> answer) {
      assertThat(answer.topic()).isEqualTo(at.topics().userProfile());
      JsonNode profile = json(answer.value());
      assertThat(profile.path("openid").asText()).isEqualTo(sample.visitor().openid());
      assertThat(profile.path("e164").asText()).isEqualTo("+86" + sample.visitor().number());
      assertThat(answer.timestamp()).isEqualTo(record.timestamp());
    }

    private void letter(Installation at, ConsumerRecord<byte[], byte[]> answer, Reason reason) {
      assertThat(answer.topic()).isEqualTo(at.topics().deadLetter());
      assertThat(header(answer, "wxphone.reason")).isEqualTo(reason.name());
      assertThat(header(answer, "wxphone.recovery")).isEqualTo(reason.recovery().text());
      assertThat(header(answer, "wxphone.detail")).isNotBlank();
      assertThat(header(answer, "wxphone.attempt")).isEqualTo("1");
      assertThat(header(answer, "wxphone.timestamp")).isEqualTo(record.timestamp() + "");
      assertThat(header(answer, "wxphone.keys-tried")).matches("[0-3]");
      assertThat(header(answer, "__streams.errors.topic")).isEqualTo(record.topic());
      assertThat(header(answer, "__streams.errors.partition")).isEqualTo(record.partition() + "");
      assertThat(header(answer, "__streams.errors.offset")).isEqualTo(record.offset() + "");
      assertThat(header(answer, "__streams.errors.message"))
          .isEqualTo(header(answer, "wxphone.detail"));
      assertThat(answer.value()).asString(UTF_8).isEqualTo(value);
    }
  }

  private static JsonNode json(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Sample> samples() {
    return List.of(
        sample(null, visitor -> visitor.click().json()),
        sample(null, visitor -> visitor.click(visitor.before()).json()),
        sample(null, visitor -> visitor.click().dataText(t -> t.replace('+', ' ')).json()),
        sample(null, visitor -> visitor.click().iv(flip(3)).json()),
        sample(Reason.WRONG_PARTITION, visitor -> visitor.click().json()),
        sample(Reason.MALFORMED_PAYLOAD, visitor -> visitor.click().json().substring(1)),
        sample(Reason.USER_DENIED, visitor -> "{\"errMsg\":\"getPhoneNumber:fail user deny\"}"),
        sample(
            Reason.WECHAT_REFUSED,
            visitor -> visitor.click().errMsg("getPhoneNumber:fail no permission").json()),
        sample(
            Reason.MALFORMED_CIPHERTEXT, visitor -> visitor.click().ciphertext(RunIT::cut).json()),
        new Sample(
            Reason.SESSION_KEY_MISSING,
            new TestUser(),
            List.of(),
            visitor -> visitor.click().json()),
        sample(Reason.SESSION_KEY_STALE, visitor -> visitor.click(new TestUser().newest()).json()),
        sample(
            Reason.IV_MISMATCH,
            visitor ->
                visitor
                    .click()
                    .plaintext(visitor.phone().first("purePhoneNumber"))
                    .iv(iv -> TestUser.bytes(iv.length))
                    .json()),
        sample(
            Reason.MALFORMED_PLAINTEXT,
            visitor ->
                visitor.click().plaintext(visitor.phone().without("purePhoneNumber")).json()),
        sample(Reason.APPID_MISMATCH, visitor -> visitor.click().appid("wxother").json()),
        sample(
            Reason.WATERMARK_EXPIRED,
            visitor -> visitor.click().plaintext(visitor.phone(now() - 4 * DAY)).json()),
        sample(
            Reason.INVALID_PHONE_NUMBER,
            visitor ->
                visitor
                    .click()
                    .plaintext(Plaintexts.phone(visitor.number(), "110", "86").timestamp(now()))
                    .json()));
  }

  private static Sample sample(@Nullable Reason reason, Sample.Click click) {
    TestUser visitor = new TestUser();
    return new Sample(
        reason, visitor, List.of(visitor.login(visitor.before()), visitor.login()), click);
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 3);
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  /** What must not be seen, by what it is. */
  private static final class Secrets {
    private static final Pattern ENCRYPTED_DATA = Pattern.compile("encryptedData\":\"([^\"]+)\"");

    private final Map<String, String> texts = new LinkedHashMap<>();

    void of(TestUser visitor, String payload) {
      for (SessionKey key : List.of(visitor.newest(), visitor.before())) {
        byte[] bytes = key.revealBytes();
        String base64 = Base64.getEncoder().encodeToString(bytes);
        texts.put(base64.replace("=", ""), "session key in base64");
        texts.put(base64.replace("=", "").replace('+', '-').replace('/', '_'), "the same for URLs");
        texts.put(HexFormat.of().formatHex(bytes), "session key in hex");
        texts.put(Arrays.toString(bytes), "session key in decimals");
      }
      texts.put(visitor.number(), "phone number");
      Matcher data = ENCRYPTED_DATA.matcher(payload);
      if (data.find()) {
        String text = data.group(1);
        texts.put(text.substring(0, 32), "beginning of encryptedData");
        texts.put(text.substring(text.length() - 32), "end of encryptedData");
      }
    }

    void requireNoneIn(String line) {
      String lower = line.toLowerCase(Locale.ROOT);
      texts.forEach(
          (text, what) -> {
            boolean shown = line.contains(text) || lower.contains(text);
            assertThat(shown).as("%s in: %s", what, line).isFalse();
          });
    }
  }

  // ---- ends and restarts

  @Test
  @Execution(CONCURRENT)
  void sigterm_in_the_middle_loses_nothing() throws IOException {
    Program run = at.run(PATIENT);
    try (LoadGenerator crowd = LoadGenerator.at(at)) {
      awaitAllKinds(run, crowd);
      assertThat(run.terminate(TEN_SECONDS).code()).isZero();
      assertThat(at.leftovers()).isEmpty();
      crowd.awaitMore(100);
      at.run(PATIENT);
      crowd.awaitMore(100);
      requireBalance(crowd);
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_kill_in_the_middle_loses_nothing() {
    try (LoadGenerator crowd = LoadGenerator.at(at)) {
      for (int times = 0; times < 2; times++) {
        Program run = at.run(PATIENT);
        awaitAllKinds(run, crowd);
        run.kill();
        crowd.awaitMore(100);
      }
      Program run = at.run(PATIENT);
      crowd.awaitMore(100);
      requireBalance(crowd);
      assertThat(run.terminate(TEN_SECONDS).err())
          .anyMatch(line -> line.endsWith("is restored from Kafka"))
          .noneMatch(line -> line.contains("TaskCorruptedException"));
    }
  }

  @Test
  @Execution(CONCURRENT)
  void a_kill_that_takes_the_disk_too_loses_nothing() {
    try (LoadGenerator crowd = LoadGenerator.at(at)) {
      Program run = at.run(PATIENT);
      awaitAllKinds(run, crowd);
      run.kill();
      at.wipeState();
      crowd.awaitMore(100);
      at.run(PATIENT);
      crowd.awaitMore(100);
      requireBalance(crowd);
    }
  }

  /** Some wait, some were sent on, and some have their answers. */
  private static void awaitAllKinds(Program run, LoadGenerator crowd) {
    crowd.awaitMore(200);
    run.awaitMetric("wxphone_rerouted_total", 20);
    run.awaitMetric("wxphone_profiles_total", 50);
    run.awaitMetric("wxphone_waiting", 5);
  }

  private void requireBalance(LoadGenerator crowd) {
    long published = crowd.stop();
    Books books = at.booksOf(published);
    assertThat(books.balance()).as("%s", books).isTrue();
    assertThat(books.payloads() - books.rerouted()).isEqualTo(published);
    assertThat(books.rerouted()).isPositive();
    assertThat(books.deadLetters()).isEqualTo(crowd.expectedLetters());
  }

  @Test
  @Execution(CONCURRENT)
  void a_first_start_killed_before_its_first_commit_is_begun_again() {
    TestUser visitor = new TestUser();
    at.login(visitor.openid(), visitor.login());
    RecordMetadata click = at.click(visitor.openid(), visitor.click().json());
    Program run = at.run("-Dcommit.interval.ms=60000", "-Dproducer.transaction.timeout.ms=120000");
    run.awaitMetric("wxphone_profiles_total", 1);
    run.kill();
    assertThat(at.answersTo(click)).isEmpty();

    at.run();
    assertThat(at.answerTo(click).topic()).isEqualTo(at.topics().userProfile());
    assertThat(at.booksOf(1)).returns(true, Books::balance);
  }

  @Test
  @Execution(CONCURRENT)
  void at_least_once_answers_at_least_once() {
    String atLeastOnce = "-Dprocessing.guarantee=at_least_once";
    TestUser visitor = new TestUser();
    at.login(visitor.openid(), visitor.login());
    RecordMetadata click = at.click(visitor.openid(), visitor.click().json());
    Program run = at.run(atLeastOnce, "-Dcommit.interval.ms=60000");
    // The output holds an answer then, and the group nothing of the stream.
    at.answerTo(click);
    run.kill();

    run = at.run(atLeastOnce);
    Program.await("it is answered again", () -> at.answersTo(click).size() == 2);
    assertThat(run.terminate(TEN_SECONDS).code()).isZero();
    RecordMetadata again = at.click(visitor.openid(), visitor.click().json());
    at.run(atLeastOnce);
    at.answerTo(again);
    assertThat(at.answersTo(click)).hasSize(2);
    assertThat(at.answersTo(again)).hasSize(1);
  }

  @Test
  @Execution(CONCURRENT)
  void a_misplaced_key_is_waited_for_though_the_process_that_would_send_it_on_hangs() {
    Program lives = at.run("-Dstate.dir=" + at.stateDirectory().resolve("lives"));
    Program hangs = at.run("-Dstate.dir=" + at.stateDirectory().resolve("hangs"));
    Program.await("both have partitions", () -> eachPartitionAnswers() && share(lives, hangs));
    hangs.signal("STOP");
    List<RecordMetadata> clicks = new ArrayList<>();
    for (int right = 0; right < Installation.PARTITIONS; right++) {
      for (int wrong = 0; wrong < Installation.PARTITIONS; wrong++) {
        TestUser visitor = TestUser.of(right);
        at.publish(at.topics().sessionKey(), wrong, visitor.openid(), visitor.login());
        clicks.add(at.click(visitor.openid(), visitor.click().json()));
      }
    }
    // The group gives up the one that hangs after 6 s, and the clicks wait for 2.
    for (RecordMetadata click : clicks) {
      assertThat(header(at.answerTo(click), "wxphone.reason")).isNull();
    }
  }

  private boolean eachPartitionAnswers() {
    for (int partition = 0; partition < Installation.PARTITIONS; partition++) {
      at.answerTo(at.click(TestUser.of(partition).openid(), "{}"));
    }
    return true;
  }

  private static boolean share(Program one, Program other) {
    String answered = "wxphone_dead_letters_total{reason=\"MALFORMED_PAYLOAD\"}";
    return one.metric(answered) > 0 && other.metric(answered) > 0;
  }

  // ---- sizes

  @Test
  @Execution(CONCURRENT)
  void a_compressed_giant_is_withheld_and_does_not_stop_what_follows() {
    at.run();
    TestUser visitor = new TestUser();
    RecordMetadata giant = publishGiant(at.topics().phonePayload(), visitor);
    RecordMetadata giantLogin = publishGiant(at.topics().sessionKey(), visitor);
    at.login(visitor.openid(), visitor.login());
    RecordMetadata click = at.click(visitor.openid(), visitor.click().json());

    assertThat(at.answerTo(giant))
        .returns(null, ConsumerRecord::value)
        .returns("MALFORMED_PAYLOAD", letter -> header(letter, "wxphone.reason"))
        .returns("never", letter -> header(letter, "wxphone.recovery"))
        .returns(TWENTY_MEGABYTES + "", letter -> header(letter, "wxphone.withheld"));
    assertThat(at.answerTo(giantLogin))
        .returns(null, ConsumerRecord::value)
        .returns("MALFORMED_SESSION_KEY", letter -> header(letter, "wxphone.reason"))
        .returns(TWENTY_MEGABYTES + "", letter -> header(letter, "wxphone.withheld"));
    assertThat(at.answerTo(click).topic()).isEqualTo(at.topics().userProfile());
  }

  private RecordMetadata publishGiant(String topic, TestUser visitor) {
    Map<String, Object> properties = at.kafka().ofClient();
    properties.put("compression.type", "gzip");
    properties.put("max.request.size", 2 * TWENTY_MEGABYTES);
    properties.put("buffer.memory", 2L * TWENTY_MEGABYTES);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
      return producer
          .send(
              new ProducerRecord<>(
                  topic, visitor.openid().getBytes(UTF_8), new byte[TWENTY_MEGABYTES]))
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
