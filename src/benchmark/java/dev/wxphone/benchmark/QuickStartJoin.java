package dev.wxphone.benchmark;

import java.util.Properties;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Produced;

/**
 * The first reference: the stream-table join of Kafka's quick start, with default settings and
 * exactly once. It joins each payload with its newest session key and decrypts nothing.
 *
 * <p>Arguments: bootstrap servers, application id, state directory, payload topic, session key
 * topic, output topic.
 */
final class QuickStartJoin {
  private QuickStartJoin() {}

  public static void main(String[] args) throws InterruptedException {
    Properties properties = new Properties();
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, args[0]);
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, args[1]);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, args[2]);
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, "1");
    properties.put("auto.offset.reset", "earliest");
    Serde<String> text = Serdes.String();
    Serde<byte[]> bytes = Serdes.ByteArray();
    StreamsBuilder builder = new StreamsBuilder();
    KTable<String, byte[]> sessionKeys = builder.table(args[4], Consumed.with(text, bytes));
    builder.stream(args[3], Consumed.with(text, bytes))
        .join(sessionKeys, (payload, sessionKey) -> payload, Joined.with(text, bytes, bytes))
        .to(args[5], Produced.with(text, bytes));
    KafkaStreams streams = new KafkaStreams(builder.build(), properties);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
    streams.start();
    Thread.currentThread().join();
  }
}
