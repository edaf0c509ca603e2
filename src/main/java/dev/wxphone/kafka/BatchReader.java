package dev.wxphone.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.InputLimits;
import dev.wxphone.core.envelope.RecordCoordinates;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.ApiVersions;
import org.apache.kafka.clients.ClientRequest;
import org.apache.kafka.clients.ClientResponse;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.DefaultHostResolver;
import org.apache.kafka.clients.ManualMetadataUpdater;
import org.apache.kafka.clients.NetworkClient;
import org.apache.kafka.clients.NetworkClientUtils;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.apache.kafka.common.utils.internals.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads committed records as they lie on the broker, in batches, and unpacks of each no more than
 * fits into little memory. Kafka's consumer allocates each record of a batch as a whole, also those
 * before its position, and does not tell where a batch ends; no public class of Kafka does.
 */
public final class BatchReader implements AutoCloseable {
  /** A larger record is not copied, only measured. */
  private static final int MAX_COPIED_BYTES = 1024 * 1024;

  /** All that wxphone accepts in a record, and some room for lengths. */
  private static final int MAX_ACCEPTED_BYTES =
      InputLimits.VALUE_BYTES + InputLimits.HEADER_BYTES + 2 * InputLimits.KEY_BYTES + 1024;

  private static final int FETCH_BYTES = 1024 * 1024;
  private static final int FETCH_WAIT_MS = 500;

  /**
   * A record of which only small parts are in memory.
   *
   * @param batchEnd the offset behind its batch
   * @param timestamp milliseconds since 1970
   * @param bytes its size once unpacked, without its length
   * @param keyBytes size of the key; -1 if it is null
   * @param key null if it is null or longer than an openid may be
   * @param valueBytes size of the value; -1 if it is null
   * @param value null if it is null or the record is too large to be copied
   * @param headers none if they are larger than a payload's may be
   */
  public record PackedRecord(
      TopicPartition partition,
      long offset,
      long batchEnd,
      long timestamp,
      int bytes,
      int keyBytes,
      byte @Nullable [] key,
      int valueBytes,
      byte @Nullable [] value,
      Headers headers) {

    /** Returns its coordinates. */
    public RecordCoordinates coordinates() {
      return new RecordCoordinates(partition.topic(), partition.partition(), offset);
    }

    /** Returns whether it is larger than any record that wxphone accepts. */
    public boolean isOversized() {
      return bytes > MAX_ACCEPTED_BYTES;
    }

    /** Returns whether its value was not copied. */
    public boolean isWithheld() {
      return value == null && valueBytes >= 0;
    }

    /** Shows no content. */
    @Override
    public String toString() {
      return "PackedRecord[" + coordinates() + ", " + bytes + "]";
    }
  }

  private final Admin admin;
  private final AdminCalls calls;
  private final Metrics metrics = new Metrics();
  private final ManualMetadataUpdater nodes = new ManualMetadataUpdater();
  private final NetworkClient client;
  private final Map<String, TopicDescription> topics = new HashMap<>();

  /** Creates a reader. */
  public BatchReader(KafkaProperties properties) {
    Map<String, Object> config = properties.ofAdmin();
    admin = Admin.create(config);
    calls = new AdminCalls(properties.bootstrapServers());
    AdminClientConfig clientConfig = new AdminClientConfig(config);
    client =
        ClientUtils.createNetworkClient(
            clientConfig,
            clientConfig.getList(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG),
            "",
            metrics,
            "wxphone-batches",
            new LogContext(),
            new ApiVersions(),
            Time.SYSTEM,
            1,
            (int) AdminCalls.TIMEOUT.toMillis(),
            null,
            nodes,
            new DefaultHostResolver(),
            null,
            null);
  }

  /**
   * Passes the records of the batch that holds the offset, and of some batches behind it, to the
   * visitor. The records of that batch which lie before the offset are among them; control records
   * and those of aborted transactions are not.
   *
   * @return the offset behind the last of these batches; the given one if there is none yet, or it
   *     was deleted
   * @throws KafkaException if the broker does not answer or a batch is corrupt
   */
  public long read(TopicPartition partition, long offset, Consumer<PackedRecord> visitor) {
    FetchResponseData.PartitionData fetched;
    try {
      fetched = fetch(partition, offset);
    } catch (OffsetOutOfRangeException deleted) {
      return offset;
    }
    AbortedBatches aborted = new AbortedBatches(fetched.abortedTransactions());
    long next = offset;
    for (RecordBatch batch : FetchResponse.recordsOrFail(fetched).batches()) {
      boolean isAborted = aborted.contains(batch);
      if (batch.lastOffset() < offset) {
        continue;
      }
      next = batch.nextOffset();
      if (!batch.isControlBatch() && !isAborted && batch instanceof DefaultRecordBatch records) {
        read(partition, records, visitor);
      }
    }
    return next;
  }

  private static void read(
      TopicPartition partition, DefaultRecordBatch batch, Consumer<PackedRecord> visitor) {
    try (InputStream stream = batch.recordInputStream(BufferSupplier.NO_CACHING)) {
      for (int left = Objects.requireNonNull(batch.countOrNull()); left > 0; left--) {
        visitor.accept(read(partition, batch, stream));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new KafkaException(
          "the batch at " + partition + "@" + batch.baseOffset() + " is corrupt", e);
    }
  }

  /** As {@link org.apache.kafka.common.record.internal.DefaultRecord} describes it. */
  private static PackedRecord read(
      TopicPartition partition, DefaultRecordBatch batch, InputStream stream) throws IOException {
    int bytes = ByteUtils.readVarint(stream);
    BoundedStream body = new BoundedStream(stream, bytes);
    body.skipNBytes(1);
    long timestamp = batch.baseTimestamp() + ByteUtils.readVarlong(body);
    long offset = batch.baseOffset() + ByteUtils.readVarint(body);
    int keyBytes = ByteUtils.readVarint(body);
    byte[] key = copy(body, keyBytes, InputLimits.KEY_BYTES);
    int valueBytes = ByteUtils.readVarint(body);
    byte[] value = copy(body, valueBytes, bytes <= MAX_COPIED_BYTES ? bytes : -1);
    Headers headers =
        body.left() <= 2 * InputLimits.HEADER_BYTES ? headers(body) : new RecordHeaders();
    body.skipNBytes(body.left());
    return new PackedRecord(
        partition,
        offset,
        batch.nextOffset(),
        batch.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.maxTimestamp() : timestamp,
        bytes,
        keyBytes,
        key,
        valueBytes,
        value,
        headers);
  }

  private static Headers headers(BoundedStream body) throws IOException {
    RecordHeaders headers = new RecordHeaders();
    for (int left = ByteUtils.readVarint(body); left > 0; left--) {
      byte[] name = copy(body, ByteUtils.readVarint(body), Integer.MAX_VALUE);
      byte[] value = copy(body, ByteUtils.readVarint(body), Integer.MAX_VALUE);
      headers.add(new String(name == null ? new byte[0] : name, UTF_8), value);
    }
    return headers;
  }

  /** Reads bytes; returns null, and skips them, if they are null or too many. */
  private static byte @Nullable [] copy(BoundedStream body, int length, int most)
      throws IOException {
    if (length < 0) {
      return null;
    }
    if (length > body.left()) {
      throw new IOException("a length exceeds its record");
    }
    if (length > most) {
      body.skipNBytes(length);
      return null;
    }
    return body.readNBytes(length);
  }

  private FetchResponseData.PartitionData fetch(TopicPartition partition, long offset) {
    TopicDescription topic = topic(partition.topic());
    if (partition.partition() >= topic.partitions().size()) {
      throw new IllegalArgumentException("no such partition: " + partition);
    }
    Node leader = topic.partitions().get(partition.partition()).leader();
    if (leader == null) {
      throw new TimeoutException(partition + " has no leader");
    }
    nodes.setNodes(List.of(leader));
    FetchRequest.Builder request =
        FetchRequest.Builder.forConsumer(
                ApiKeys.FETCH.latestVersion(),
                FETCH_WAIT_MS,
                1,
                Map.of(
                    partition,
                    new FetchRequest.PartitionData(
                        topic.topicId(),
                        offset,
                        FetchRequest.INVALID_LOG_START_OFFSET,
                        FETCH_BYTES,
                        Optional.empty())))
            .isolationLevel(IsolationLevel.READ_COMMITTED)
            .setMaxBytes(FETCH_BYTES);
    FetchResponse response = send(leader, request);
    FetchResponseData.PartitionData fetched =
        response
            .responseData(Map.of(topic.topicId(), topic.name()), ApiKeys.FETCH.latestVersion())
            .get(partition);
    short error = fetched == null ? response.data().errorCode() : fetched.errorCode();
    if (fetched == null || error != Errors.NONE.code()) {
      topics.remove(partition.topic());
      ApiException thrown = Errors.forCode(error).exception();
      throw thrown == null ? new TimeoutException("no answer for " + partition) : thrown;
    }
    return fetched;
  }

  private FetchResponse send(Node leader, FetchRequest.Builder request) {
    try {
      if (!NetworkClientUtils.awaitReady(
          client, leader, Time.SYSTEM, AdminCalls.TIMEOUT.toMillis())) {
        throw new TimeoutException("no connection to " + leader);
      }
      ClientRequest sent = client.newClientRequest(leader.idString(), request, now(), true);
      ClientResponse response = NetworkClientUtils.sendAndReceive(client, sent, Time.SYSTEM);
      return (FetchResponse) response.responseBody();
    } catch (IOException e) {
      throw new TimeoutException("no answer from " + leader, e);
    }
  }

  private static long now() {
    return Time.SYSTEM.milliseconds();
  }

  private TopicDescription topic(String name) {
    TopicDescription known = topics.get(name);
    if (known == null) {
      known =
          Objects.requireNonNull(
              calls
                  .get(
                      admin.describeTopics(List.of(name)).allTopicNames(),
                      "Describe on the topic " + name)
                  .get(name));
      topics.put(name, known);
    }
    return known;
  }

  @Override
  public void close() {
    client.close();
    metrics.close();
    admin.close();
  }

  /** The batches of aborted transactions, as the consumer finds them out. */
  private static final class AbortedBatches {
    private final List<FetchResponseData.AbortedTransaction> transactions;
    private final Map<Long, Long> endedAt = new HashMap<>();

    AbortedBatches(@Nullable List<FetchResponseData.AbortedTransaction> transactions) {
      this.transactions = transactions == null ? List.of() : transactions;
    }

    /** Takes each batch, in order. */
    boolean contains(RecordBatch batch) {
      if (!batch.isTransactional()) {
        return false;
      }
      long producer = batch.producerId();
      if (batch.isControlBatch()) {
        endedAt.put(producer, batch.lastOffset());
        return false;
      }
      return transactions.stream()
          .anyMatch(
              aborted ->
                  aborted.producerId() == producer
                      && aborted.firstOffset() <= batch.lastOffset()
                      && aborted.firstOffset() > endedAt.getOrDefault(producer, -1L));
    }
  }

  /** The rest of one record; does not close the stream that it reads. */
  private static final class BoundedStream extends InputStream {
    private final InputStream stream;
    private long left;

    BoundedStream(InputStream stream, long left) {
      this.stream = stream;
      this.left = left;
    }

    long left() {
      return left;
    }

    @Override
    public int read() throws IOException {
      if (left <= 0) {
        throw new IOException("a record ends too early");
      }
      int read = stream.read();
      if (read < 0) {
        throw new IOException("a batch ends too early");
      }
      left--;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      int read = left <= 0 ? -1 : stream.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = stream.skip(Math.min(count, left));
      left -= skipped;
      return skipped;
    }
  }
}
