package dev.wxphone.books;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.settings.Settings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountsTest {
  private static final int PARTITIONS = 8;
  private static final TopicNames TOPICS =
      Settings.load(null, Map.of(), Map.of(), warning -> {}).topics();
  private static final String PAYLOADS = TOPICS.phonePayload();

  /** An openid that belongs into partition 3, and another one. */
  private static final List<String> OF_3 =
      IntStream.range(0, 1000)
          .mapToObj(i -> "openid" + i)
          .filter(openid -> Partitioning.of(openid.getBytes(UTF_8), PARTITIONS) == 3)
          .toList();

  private static final String OPENID = OF_3.get(0);
  private static final String OTHER = OF_3.get(1);

  private final Accounts accounts = new Accounts(TOPICS, firstOffsets());
  private final Map<String, Long> nextOffsets = new HashMap<>();

  @Test
  void a_payload_and_its_answer_balance() {
    payload(3, OPENID, null);
    profile(PAYLOADS + "-3@0");
    assertThat(accounts.books()).isEqualTo(books(1, 1, 0, 0, 0, 0, 0, ""));
  }

  @Test
  void a_rerouted_copy_answers_its_original_also_where_it_is_read_first() {
    payload(3, OPENID, PAYLOADS + "-5@0");
    profile(PAYLOADS + "-3@0");
    assertThat(accounts.books().rerouted()).isEqualTo(1);
    payload(5, OPENID, null);
    assertThat(accounts.books()).isEqualTo(books(2, 1, 1, 0, 0, 0, 0, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "99@0", // no such partition
        "5@999999999999999999", // far beyond the end
        "5@2147483647",
        "5@1", // no such record
        "5@0", // not misplaced
        "6@0", // misplaced, of another key
        "3@0" // itself
      })
  void a_header_that_names_no_payload_it_can_be_a_copy_of_is_ignored(String from) {
    accounts.end(5, 1);
    payload(5, keyOf(5), null);
    payload(6, OTHER, null);
    payload(3, OPENID, PAYLOADS + "-" + from);
    accounts.readTo(5, 2);
    profile(PAYLOADS + "-5@0");
    profile(PAYLOADS + "-6@0");
    profile(PAYLOADS + "-3@0");
    assertThat(accounts.books()).isEqualTo(books(3, 3, 0, 0, 0, 0, 1, ""));
  }

  @Test
  void a_copy_outside_the_partition_of_its_key_is_ignored() {
    payload(5, OPENID, null);
    payload(6, OPENID, PAYLOADS + "-5@0");
    profile(PAYLOADS + "-5@0");
    profile(PAYLOADS + "-6@0");
    assertThat(accounts.books()).isEqualTo(books(2, 2, 0, 0, 0, 0, 1, ""));
  }

  @Test
  void headers_without_a_value_or_sense_are_ignored() {
    payload(3, OPENID, null);
    ConsumerRecord<byte[], byte[]> silent = record(PAYLOADS, 3, OPENID);
    silent.headers().add(HeaderNames.REROUTED_FROM, null);
    accounts.add(silent);
    payload(3, OPENID, "nonsense");
    payload(3, OPENID, "other-topic-5@0");
    payload(3, null, PAYLOADS + "-5@0");
    assertThat(accounts.books().forged()).isEqualTo(4);
    assertThat(accounts.books().payloads()).isEqualTo(5);
  }

  @Test
  void an_unknown_reason_is_counted_as_one() {
    payload(3, OPENID, null);
    payload(3, OPENID, null);
    letter(PAYLOADS + "-3@0", "NO_SUCH_REASON");
    letter(PAYLOADS + "-3@1", null);
    Books books = accounts.books();
    assertThat(books.balance()).isTrue();
    assertThat(books.unknownReasons()).isEqualTo(2);
    assertThat(books.allDeadLetters()).isEqualTo(2);
    assertThat(BooksReport.text(books)).anyMatch(line -> line.contains("of unknown reasons"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99@0", "3@999999999999999999", "3@2147483648", "3@1"})
  void an_answer_to_nothing_does_not_balance_and_takes_no_room(String source) {
    payload(3, OPENID, null);
    profile(PAYLOADS + "-3@0");
    profile(PAYLOADS + "-" + source);
    Books books = accounts.books();
    assertThat(books.strange()).isEqualTo(1);
    assertThat(books.balance()).isFalse();
    assertThat(books.example()).isEqualTo(PAYLOADS + "-" + source);
  }

  @Test
  void an_answer_far_ahead_counts_once_its_payload_is_read() {
    profile(PAYLOADS + "-3@5000000");
    assertThat(accounts.books().strange()).isEqualTo(1);
    nextOffsets.put(PAYLOADS + 3, 5_000_000L);
    payload(3, OPENID, null);
    assertThat(accounts.books()).isEqualTo(books(1, 1, 0, 0, 0, 0, 0, ""));
  }

  @Test
  void ignored_headers_are_reported() {
    payload(3, OPENID, PAYLOADS + "-99@0");
    assertThat(BooksReport.text(accounts.books()))
        .anyMatch(line -> line.matches(".*headers not believed +1 .*"));
  }

  private void payload(int partition, @Nullable String key, @Nullable String reroutedFrom) {
    ConsumerRecord<byte[], byte[]> record = record(PAYLOADS, partition, key);
    if (reroutedFrom != null) {
      record.headers().add(HeaderNames.REROUTED_FROM, reroutedFrom.getBytes(UTF_8));
    }
    accounts.add(record);
  }

  private void profile(String source) {
    ConsumerRecord<byte[], byte[]> record = record(TOPICS.userProfile(), 0, OPENID);
    record.headers().add(HeaderNames.SOURCE, source.getBytes(UTF_8));
    accounts.add(record);
  }

  private void letter(String source, @Nullable String reason) {
    ConsumerRecord<byte[], byte[]> record = record(TOPICS.deadLetter(), 0, OPENID);
    record.headers().add(HeaderNames.SOURCE, source.getBytes(UTF_8));
    record.headers().add(HeaderNames.REASON, reason == null ? null : reason.getBytes(UTF_8));
    accounts.add(record);
  }

  private ConsumerRecord<byte[], byte[]> record(String topic, int partition, @Nullable String key) {
    long offset = nextOffsets.merge(topic + partition, 1L, Long::sum) - 1;
    return new ConsumerRecord<>(
        topic, partition, offset, key == null ? null : key.getBytes(UTF_8), new byte[0]);
  }

  private static Books books(
      long payloads,
      long profiles,
      long rerouted,
      long unanswered,
      long twice,
      long strange,
      long forged,
      String example) {
    return new Books(
        payloads, profiles, Map.of(), rerouted, unanswered, twice, strange, 0, forged, example);
  }

  private static String keyOf(int partition) {
    return IntStream.range(0, 1000)
        .mapToObj(i -> "openid" + i)
        .filter(openid -> Partitioning.of(openid.getBytes(UTF_8), PARTITIONS) == partition)
        .findFirst()
        .orElseThrow();
  }

  private static Map<Integer, Long> firstOffsets() {
    Map<Integer, Long> first = new HashMap<>();
    IntStream.range(0, PARTITIONS).forEach(partition -> first.put(partition, 0L));
    return first;
  }
}
