package dev.wxphone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;

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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;

/**
 * What the processor knows of some openids once it has read all records that there are now: session
 * keys from {@code session-key}, the age of the profile from {@code user-profile}.
 */
final class KnownUsers {
  private final AnswerRules rules;
  private final Set<String> openids;

  /** The same as keys: of the records of all users nearly none is of these, so none is decoded. */
  private final Set<Bytes> keys;

  private final Map<String, UserState> users = new HashMap<>();

  /** Creates users of whom nothing is known. */
  KnownUsers(Settings settings, Set<String> openids) {
    this.rules = settings.answerRules();
    this.openids = openids;
    this.keys = openids.stream().map(openid -> Bytes.wrap(openid.getBytes(UTF_8))).collect(toSet());
  }

  /** Reads the partitions that hold the keys of these openids. */
  static KnownUsers read(TopicReader reader, Settings settings, Set<String> openids) {
    KnownUsers users = new KnownUsers(settings, openids);
    if (!openids.isEmpty()) {
      String sessionKeys = settings.topics().sessionKey();
      int partitions = reader.partitionCount(sessionKeys);
      reader.read(
          users.partitionsOf(reader, sessionKeys),
          record -> users.onSessionKey(record, partitions));
      reader.read(users.partitionsOf(reader, settings.topics().userProfile()), users::onProfile);
    }
    return users;
  }

  private TopicReader.Span partitionsOf(TopicReader reader, String topic) {
    TopicReader.Span all = reader.span(topic);
    int count = all.ends().size();
    Set<Integer> home =
        openids.stream()
            .map(openid -> Partitioning.of(openid.getBytes(UTF_8), count))
            .collect(toSet());
    return all.only(home::contains);
  }

  /** Returns what is known of an openid. */
  UserState of(String openid) {
    return users.getOrDefault(openid, UserState.UNKNOWN);
  }

  /** Notes that a profile with a watermark is published: later ones have to be newer. */
  void published(String openid, Watermark watermark) {
    users.put(openid, of(openid).published(watermark));
  }

  void onSessionKey(ConsumerRecord<byte[], byte[]> record, int partitions) {
    if (!isOfThese(record)) {
      return;
    }
    String openid = openid(record);
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
      // The processor makes a dead letter of it and learns nothing.
      return;
    }
  }

  /** A null value means that the person was forgotten at the timestamp of the record. */
  void onProfile(ConsumerRecord<byte[], byte[]> record) {
    if (!isOfThese(record)) {
      return;
    }
    String openid = openid(record);
    if (record.value() == null) {
      users.put(openid, of(openid).withForgottenAt(record.timestamp()));
    } else {
      published(openid, new Watermark("", WatermarkReader.read(record.value())));
    }
  }

  private boolean isOfThese(ConsumerRecord<byte[], byte[]> record) {
    return record.key() != null && keys.contains(Bytes.wrap(record.key()));
  }

  private static String openid(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8);
  }
}
