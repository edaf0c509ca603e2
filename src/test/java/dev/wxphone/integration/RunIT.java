package dev.wxphone.integration;

import static dev.wxphone.core.proof.Clicks.flip;
import static dev.wxphone.integration.kit.Installation.wrongPartition;
import static dev.wxphone.integration.kit.TestRecords.header;
import static dev.wxphone.integration.kit.TestRecords.json;
import static dev.wxphone.integration.kit.TestRecords.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.parallel.ExecutionMode.CONCURRENT;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.books.Books;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import dev.wxphone.integration.kit.TestUser;
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

/** The answers of the jar's {@code run}, and that nothing secret is printed. */
@ExtendWith(SharedBroker.Extension.class)
final class RunIT {
  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  private static final long DAY = 24 * 3600;

  private static final int TWENTY_MEGABYTES = 20 * 1024 * 1024;

  private final Installation installation;

  RunIT(SharedBroker broker) {
    installation = new Installation(broker);
  }

  @AfterEach
  void close() {
    installation.close();
  }

  @Test
  @Execution(CONCURRENT)
  void answers_are_as_specified_and_nothing_secret_shows() {
    Program run =
        installation
            .startRun(
                Map.of("LOG_LEVEL", "DEBUG", "KAFKA_LOG_LEVEL", "DEBUG"), "-Dwxphone.reroute=false")
            .awaitReady();
    Secrets secrets = new Secrets();
    List<Published> all = new ArrayList<>();
    for (Sample sample : samples()) {
      all.add(sample.publish(installation, secrets));
    }
    TestUser misused = new TestUser();
    secrets.of(misused, misused.click().json());
    RecordMetadata wrongLogin = installation.login("o-somebody-else", misused.login());

    for (Published published : all) {
      published.check(installation);
    }
    assertThat(installation.answerTo(wrongLogin))
        .returns(null, ConsumerRecord::value)
        .returns("MALFORMED_SESSION_KEY", letter -> header(letter, "wxphone.reason"))
        .returns("never", letter -> header(letter, "wxphone.recovery"));
    assertThat(installation.booksOf(all.size())).returns(true, Books::balance);

    assertThat(run.get("/live").statusCode()).isEqualTo(200);
    long profiles = all.stream().filter(published -> published.sample().reason() == null).count();
    assertThat(run.metric("wxphone_profiles_total")).isEqualTo((double) profiles);
    String metrics = run.get("/metrics").body();
    Program.Result ended = run.terminate(TEN_SECONDS);
    assertThat(ended.code()).isZero();

    // Otherwise there would be nothing to find.
    assertThat(ended.err()).anyMatch(line -> line.contains(" DEBUG KafkaProducer "));
    Stream.of(ended.out(), ended.err(), metrics.lines().toList(), headers())
        .flatMap(List::stream)
        .forEach(secrets::requireNoneIn);
  }

  private List<String> headers() {
    return installation.answers().stream()
        .flatMap(answer -> Arrays.stream(answer.headers().toArray()))
        .map(header -> header.key() + ": " + new String(header.value(), UTF_8))
        .toList();
  }

  /** A click, and the reason of its dead letter; null if it becomes a profile. */
  private record Sample(@Nullable Reason reason, TestUser user, List<String> logins, Click click) {

    interface Click {
      String of(TestUser user);
    }

    Published publish(Installation installation, Secrets secrets) {
      logins.forEach(login -> installation.login(user.openid(), login));
      String value = click.of(user);
      secrets.of(user, value);
      boolean misplaced = reason == Reason.WRONG_PARTITION;
      RecordMetadata record =
          installation.publish(
              installation.topics().phonePayload(),
              misplaced ? wrongPartition(user.openid()) : null,
              user.openid(),
              value,
              new RecordHeader("trace", "7".getBytes(UTF_8)));
      return new Published(this, record, value);
    }
  }

  private record Published(Sample sample, RecordMetadata record, String value) {
    void check(Installation installation) {
      ConsumerRecord<byte[], byte[]> answer = installation.answerTo(record);
      assertThat(answer.key()).asString(UTF_8).isEqualTo(sample.user().openid());
      assertThat(header(answer, "wxphone.source")).isEqualTo(source(record));
      assertThat(header(answer, "trace")).isEqualTo("7");
      Reason reason = sample.reason();
      if (reason == null) {
        profile(installation, answer);
      } else {
        letter(installation, answer, reason);
      }
    }

    private void profile(Installation installation, ConsumerRecord<byte[], byte[]> answer) {
      assertThat(answer.topic()).isEqualTo(installation.topics().userProfile());
      JsonNode profile = json(answer.value());
      assertThat(profile.path("openid").asText()).isEqualTo(sample.user().openid());
      assertThat(profile.path("e164").asText()).isEqualTo("+86" + sample.user().number());
      assertThat(answer.timestamp()).isEqualTo(record.timestamp());
    }

    private void letter(
        Installation installation, ConsumerRecord<byte[], byte[]> answer, Reason reason) {
      assertThat(answer.topic()).isEqualTo(installation.topics().deadLetter());
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

  private static List<Sample> samples() {
    return List.of(
        sample(null, user -> user.click().json()),
        sample(null, user -> user.click(user.previousSessionKey()).json()),
        sample(null, user -> user.click().dataText(t -> t.replace('+', ' ')).json()),
        sample(null, user -> user.click().iv(flip(3)).json()),
        sample(Reason.WRONG_PARTITION, user -> user.click().json()),
        sample(Reason.MALFORMED_PAYLOAD, user -> user.click().json().substring(1)),
        sample(Reason.USER_DENIED, user -> "{\"errMsg\":\"getPhoneNumber:fail user deny\"}"),
        sample(
            Reason.WECHAT_REFUSED,
            user -> user.click().errMsg("getPhoneNumber:fail no permission").json()),
        sample(Reason.MALFORMED_CIPHERTEXT, user -> user.click().ciphertext(RunIT::cut).json()),
        new Sample(
            Reason.SESSION_KEY_MISSING, new TestUser(), List.of(), user -> user.click().json()),
        sample(Reason.SESSION_KEY_STALE, user -> user.click(new TestUser().sessionKey()).json()),
        sample(
            Reason.IV_MISMATCH,
            user ->
                user.click()
                    .plaintext(user.phone().first("purePhoneNumber"))
                    .iv(iv -> TestUser.bytes(iv.length))
                    .json()),
        sample(
            Reason.MALFORMED_PLAINTEXT,
            user -> user.click().plaintext(user.phone().without("purePhoneNumber")).json()),
        sample(Reason.APPID_MISMATCH, user -> user.click().appid("wxother").json()),
        sample(
            Reason.WATERMARK_EXPIRED,
            user -> user.click().plaintext(user.phone(now() - 4 * DAY)).json()),
        sample(
            Reason.INVALID_PHONE_NUMBER,
            user ->
                user.click()
                    .plaintext(Plaintexts.phone(user.number(), "110", "86").timestamp(now()))
                    .json()));
  }

  private static Sample sample(@Nullable Reason reason, Sample.Click click) {
    TestUser user = new TestUser();
    return new Sample(
        reason, user, List.of(user.login(user.previousSessionKey()), user.login()), click);
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length - 3);
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  /** Texts that must not be printed, with what they are. */
  private static final class Secrets {
    private static final Pattern ENCRYPTED_DATA = Pattern.compile("encryptedData\":\"([^\"]+)\"");

    private final Map<String, String> texts = new LinkedHashMap<>();

    void of(TestUser user, String payload) {
      for (SessionKey key : List.of(user.sessionKey(), user.previousSessionKey())) {
        byte[] bytes = key.revealBytes();
        String base64 = Base64.getEncoder().encodeToString(bytes);
        texts.put(base64.replace("=", ""), "session key in base64");
        texts.put(base64.replace("=", "").replace('+', '-').replace('/', '_'), "the same for URLs");
        texts.put(HexFormat.of().formatHex(bytes), "session key in hex");
        texts.put(Arrays.toString(bytes), "session key in decimals");
      }
      texts.put(user.number(), "phone number");
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

  @Test
  @Execution(CONCURRENT)
  void a_compressed_giant_is_withheld_and_does_not_stop_what_follows() {
    installation.run();
    TestUser user = new TestUser();
    RecordMetadata giant = publishGiant(installation.topics().phonePayload(), user);
    RecordMetadata giantLogin = publishGiant(installation.topics().sessionKey(), user);
    installation.login(user.openid(), user.login());
    RecordMetadata click = installation.click(user.openid(), user.click().json());

    assertThat(installation.answerTo(giant))
        .returns(null, ConsumerRecord::value)
        .returns("MALFORMED_PAYLOAD", letter -> header(letter, "wxphone.reason"))
        .returns("never", letter -> header(letter, "wxphone.recovery"))
        .returns(TWENTY_MEGABYTES + "", letter -> header(letter, "wxphone.withheld"));
    assertThat(installation.answerTo(giantLogin))
        .returns(null, ConsumerRecord::value)
        .returns("MALFORMED_SESSION_KEY", letter -> header(letter, "wxphone.reason"))
        .returns(TWENTY_MEGABYTES + "", letter -> header(letter, "wxphone.withheld"));
    assertThat(installation.answerTo(click).topic()).isEqualTo(installation.topics().userProfile());
  }

  private RecordMetadata publishGiant(String topic, TestUser user) {
    Map<String, Object> properties = installation.kafka().ofClient();
    properties.put("compression.type", "gzip");
    properties.put("max.request.size", 2 * TWENTY_MEGABYTES);
    properties.put("buffer.memory", 2L * TWENTY_MEGABYTES);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties, bytes, bytes)) {
      return producer
          .send(
              new ProducerRecord<>(
                  topic, user.openid().getBytes(UTF_8), new byte[TWENTY_MEGABYTES]))
          .get();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
