package dev.wxphone.tools.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.operator.LineWrap;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DoctorReportTest {
  private static final Fine FINE = new Fine("brokers", "1 at a:9092");
  private static final Wrong WRONG = new Wrong("group", "g has no members", "start wxphone run");
  private static final Unchecked UNCHECKED = new Unchecked("group", "no ACL", "give it");

  @Test
  void a_line_and_a_remedy_each() {
    assertThat(DoctorReport.text(FINE, mark -> "*" + mark, LineWrap.ANY))
        .containsExactly("ok     brokers         1 at a:9092");
    assertThat(DoctorReport.text(WRONG, mark -> "*" + mark + "*", LineWrap.ANY))
        .containsExactly("*WRONG * group           g has no members", "       → start wxphone run");
    assertThat(DoctorReport.text(UNCHECKED, mark -> "*" + mark, LineWrap.ANY))
        .containsExactly("?      group           no ACL", "       → give it");
  }

  @Test
  void on_a_terminal_they_break_between_words_below_their_text() {
    Wrong wrong =
        new Wrong(
            "partitioner",
            "phone-payload: 11 % misplaced (50 of 460), the last one phone-payload-7@66 8 s ago",
            "confluent-kafka, php-rdkafka, node-rdkafka: partitioner=murmur2_random; kcat: -X"
                + " topic.partitioner=murmur2_random");
    assertThat(DoctorReport.text(wrong, mark -> "*" + mark + "*", LineWrap.TERMINAL))
        .containsExactly(
            "*WRONG * partitioner     phone-payload: 11 % misplaced (50 of 460), the last one",
            "                       phone-payload-7@66 8 s ago",
            "       → confluent-kafka, php-rdkafka, node-rdkafka: partitioner=murmur2_random;",
            "         kcat: -X topic.partitioner=murmur2_random");
    assertThat(DoctorReport.text(wrong, mark -> mark, LineWrap.ANY)).hasSize(2);
  }

  @Test
  void json_has_the_same() {
    assertThat(DoctorReport.json(FINE))
        .isEqualTo("{\"check\":\"brokers\",\"outcome\":\"ok\",\"seen\":\"1 at a:9092\"}");
    assertThat(DoctorReport.json(WRONG))
        .isEqualTo(
            "{\"check\":\"group\",\"outcome\":\"wrong\",\"seen\":\"g has no members\",\"remedy\":\"start"
                + " wxphone run\"}");
    assertThat(DoctorReport.json(UNCHECKED)).contains("\"outcome\":\"unchecked\"");
  }

  @Test
  void what_came_from_elsewhere_stays_on_its_line() {
    assertThat(
            DoctorReport.text(
                new Wrong("topics", "a\u001b[31m\nb", "c\r"), mark -> mark, LineWrap.ANY))
        .containsExactly("WRONG  topics          a\\u001b[31m\\u000ab", "       → c\\u000d");
  }

  @Test
  void the_verdict_counts() {
    DoctorReport report = new DoctorReport();
    report.add(FINE);
    assertThat(report.verdict()).isEqualTo("Nothing is wrong.");
    report.add(UNCHECKED);
    assertThat(report.isWell()).isTrue();
    assertThat(report.verdict())
        .isEqualTo("Nothing is wrong as far as could be seen; 1 could not be checked.");
    report.add(WRONG);
    assertThat(report.isWell()).isFalse();
    assertThat(report.verdict()).isEqualTo("1 of 3 is wrong; 1 could not be checked.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no broker answers at a:9092: check it, and more: this | no broker answers at a:9092 | check it, and more: this",
        "the client stopped; look there | the client stopped | look there",
        "just that | just that | mend that, then run this again",
      })
  void a_line_for_operators_is_parted(String line, String seen, String remedy) {
    assertThat(Finding.wrong("brokers", OperatorException.failed(line)))
        .isEqualTo(new Wrong("brokers", seen, remedy));
    assertThat(Finding.unchecked("brokers", OperatorException.failed(line)))
        .isEqualTo(new Unchecked("brokers", seen, remedy));
  }

  @Test
  void transactions_that_can_not_be_had() {
    assertThat(TransactionCheck.failed(new TimeoutException(), "g-doctor", "t"))
        .isInstanceOf(Wrong.class);
    assertThat(
            TransactionCheck.failed(
                new TransactionalIdAuthorizationException("no"), "g-doctor", "t"))
        .isInstanceOfSatisfying(
            Unchecked.class, found -> assertThat(found.remedy()).contains("g-doctor"));
    assertThat(TransactionCheck.failed(new ProducerFencedException("no"), "g-doctor", "t").seen())
        .isEqualTo("another wxphone doctor is at it");
  }

  @Test
  void letters_that_expire() {
    assertThat(ExpiryCheck.of(0, true, Duration.ofHours(24)).seen())
        .isEqualTo("no open one expires within 24 h");
    assertThat(ExpiryCheck.of(3, true, Duration.ofHours(24)).seen())
        .isEqualTo("3 open ones expire within 24 h");
    assertThat(ExpiryCheck.of(1, false, Duration.ofHours(24)).seen())
        .isEqualTo("at least 1 open one expires within 24 h");
    assertThat(ExpiryCheck.of(0, false, Duration.ofHours(24))).isInstanceOf(Unchecked.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0.5S, 500 ms",
    "PT1S, 1 s",
    "PT119S, 119 s",
    "PT2M, 2 min",
    "PT119M, 119 min",
    "PT24H, 24 h",
    "PT47H59M, 47 h",
    "PT48H, 2 d",
    "P90D, 90 d"
  })
  void times_as_people_say_them(Duration time, String told) {
    assertThat(Units.time(time)).isEqualTo(told);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 10, 0 %",
    "1, 1000, under 1 %",
    "999, 1000, over 99 %",
    "5, 40, 13 %",
    "7, 7, 100 %"
  })
  void shares_round_to_nothing_and_to_all_only_where_they_are(long part, long whole, String told) {
    assertThat(Units.share(part, whole)).isEqualTo(told);
  }
}
