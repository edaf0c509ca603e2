package dev.wxphone.stream.topology;

import static dev.wxphone.core.domain.Reason.PROCESSING_FAILED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.core.proof.ProofRules;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A bug in the proof costs one payload its answer, and tells nothing of it. */
class ProcessingFailedTest {
  private static final String SECRET = "13580006666";

  private final Logger logger = (Logger) LoggerFactory.getLogger(AnswerOutputs.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  private static Verdict fail(String kind) {
    switch (kind) {
      case "ArithmeticException" -> throw new ArithmeticException(SECRET);
      case "StackOverflowError" -> throw new StackOverflowError(SECRET);
      default -> throw new OutOfMemoryError(SECRET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ArithmeticException", "StackOverflowError"})
  void the_letter_and_the_log_name_the_class_and_nothing_else(String kind) {
    try (TestStream stream =
        TestStream.given().prover((value, openid, user, time) -> fail(kind)).start()) {
      stream.login(Clicks.key(1));
      stream.login(Clicks.key(2));
      String source = stream.click(Clicks.key(1));
      Answer letter = stream.letter(PROCESSING_FAILED);
      assertThat(letter.header(HeaderNames.RECOVERY)).isEqualTo("replay");
      assertThat(letter.header(HeaderNames.KEYS_TRIED)).isEqualTo("2");
      assertThat(letter.detail()).contains(kind);
      assertThat(letter.value()).isEqualTo(Clicks.under(Clicks.key(1)).value());
      assertThat(letter.headers()).noneMatch(header -> header.contains(SECRET));
      assertThat(log.list)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getFormattedMessage())
                    .contains(source, kind)
                    .doesNotContain(SECRET, TestStream.OPENID + " ", "encryptedData");
                assertThat(event.getThrowableProxy()).isNull();
              });
    }
  }

  @Test
  void trouble_with_memory_is_no_fault_of_the_payload() {
    try (TestStream stream =
        TestStream.given()
            .prover((value, openid, user, time) -> fail("OutOfMemoryError"))
            .start()) {
      assertThatThrownBy(() -> stream.click(Clicks.key(1))).isInstanceOf(OutOfMemoryError.class);
      stream.nothing();
    }
  }

  @Test
  void one_that_fails_when_its_key_arrives_is_answered_and_the_others_are_too() {
    PhoneProof proof = new PhoneProof(new ProofRules(Set.of(), Duration.ofDays(3)));
    TopologyDependencies.Prover prover =
        (value, openid, user, time) ->
            time.millis() == TestStream.START - 1 && !user.keys().isEmpty()
                ? fail("ArithmeticException")
                : proof.prove(value, openid, user, time);
    try (TestStream stream = TestStream.given().prover(prover).start()) {
      Sent click = Sent.of(TestStream.OPENID, Clicks.under(Clicks.key(1)));
      stream.payload(click.at(TestStream.START - 2));
      String failing = stream.payload(click.at(TestStream.START - 1));
      stream.payload(click.at(TestStream.START));
      stream.login(Clicks.key(1));
      assertThat(stream.profiles()).hasSize(2);
      assertThat(stream.letter(PROCESSING_FAILED).source()).isEqualTo(failing);
      stream.advance(Duration.ofMinutes(1));
      stream.nothing();
      assertThat(stream.counts().deadLetters(Reason.PROCESSING_FAILED)).isEqualTo(1);
    }
  }
}
