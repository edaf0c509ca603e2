package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.WatermarkReader;
import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Watermark;
import dev.wxphone.core.envelope.Partitioning;
import dev.wxphone.core.envelope.Provenance;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.core.envelope.RecordCoordinates;
import dev.wxphone.kafka.TopicReader;
import dev.wxphone.settings.Settings;
import dev.wxphone.stream.topology.SessionKeyEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What is known of some openids, as the processor will know it once it has read all: their session
 * keys from {@code session-key}, how new their profile is from {@code user-profile}.
 */
final class KnownUsers {
  private final AnswerRules rules;
  private final Set<String> openids;
  private final Map<String, UserState> users = new HashMap<>();

  /** Nothing is known yet of these. */
  KnownUsers(Settings settings, Set<String> openids) {
    this.rules = settings.answerRules();
    this.openids = openids;
  }

  /** Reads the partitions where these openids belong. */
  static KnownUsers read(TopicReader reader, Settings settings, Set<String> openids) {
    KnownUsers users = new KnownUsers(settings, openids);
    if (!openids.isEmpty()) {
      String sessionKeys = settings.topics().sessionKey();
      int partitions = reader.partitionCount(sessionKeys);
      reader.read(users.home(reader, sessionKeys), record -> users.sessionKey(record, partitions));
      reader.read(users.home(reader, settings.topics().userProfile()), users::profile);
    }
    return users;
  }

  private TopicReader.Span home(TopicReader reader, String topic) {
    TopicReader.Span all = reader.span(topic);
    int count = all.ends().size();
    Set<Integer> home =
        openids.stream()
            .map(openid -> Partitioning.of(openid.getBytes(UTF_8), count))
            .collect(Collectors.toSet());
    return all.only(home::contains);
  }

  /** What is known of an openid. */
  UserState of(String openid) {
    return users.getOrDefault(openid, UserState.UNKNOWN);
  }

  /** A profile of this watermark would be published now: what comes after has to be newer. */
  void published(String openid, Watermark watermark) {
    users.put(openid, of(openid).published(watermark));
  }

  void sessionKey(ConsumerRecord<byte[], byte[]> record, int partitions) {
    String openid = openid(record);
    if (!openids.contains(openid)) {
      return;
    }
    RecordCoordinates source =
        new RecordCoordinates(record.topic(), record.partition(), record.offset());
    Provenance origin = Provenance.of(record.headers(), source, record.timestamp()).neverReplayed();
    ReceivedRecord received =
        new ReceivedRecord(record.key(), record.value(), record.headers(), source, origin);
    try {
      SessionKeyEvent news =
          SessionKeyEvent.of(received, rules, partitions, System.currentTimeMillis());
      users.put(openid, news.applyTo(of(openid), rules.sessionKeys()));
    } catch (RuntimeException | StackOverflowError unforeseen) {
      // The processor makes a dead letter of it, and knows no more than before.
      return;
    }
  }

  /** A null is the person forgotten, at the time of the record. */
  void profile(ConsumerRecord<byte[], byte[]> record) {
    String openid = openid(record);
    if (!openids.contains(openid)) {
      return;
    }
    if (record.value() == null) {
      users.put(openid, of(openid).withForgottenAt(record.timestamp()));
    } else {
      published(openid, new Watermark("", WatermarkReader.read(record.value())));
    }
  }

  private static String openid(ConsumerRecord<byte[], byte[]> record) {
    return record.key() == null ? "" : new String(record.key(), UTF_8);
  }
}
