package dev.wxphone.kafka;

import dev.wxphone.kafka.BatchReader.PackedRecord;
import dev.wxphone.operator.OperatorException;
import dev.wxphone.operator.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Finds the records that may have taken a reader's memory. */
public final class OversizedRecords {
  /** How many records of a partition are looked at; more than one poll returns. */
  private static final int RECORDS = 20_000;

  private OversizedRecords() {}

  /**
   * The first record at or behind an offset.
   *
   * @param largest the size in bytes of the largest record that must be unpacked to read it: itself
   *     or one before it in its batch
   * @param isOversized whether that one is larger than any record that wxphone accepts
   */
  public record Head(PackedRecord record, int largest, boolean isOversized) {}

  /**
   * Returns the first committed record at or behind an offset; null if there is none yet.
   *
   * @throws KafkaException if the broker does not answer
   */
  public static @Nullable Head head(BatchReader reader, TopicPartition partition, long offset) {
    long next = offset;
    while (true) {
      HeadFinder finder = new HeadFinder(offset);
      long end = reader.read(partition, next, finder::add);
      if (finder.head != null || end == next) {
        return finder.head;
      }
      next = end;
    }
  }

  private static final class HeadFinder {
    private final long offset;
    private @Nullable Head head;
    private long batchEnd = -1;
    private int largest;
    private boolean isOversized;

    HeadFinder(long offset) {
      this.offset = offset;
    }

    void add(PackedRecord record) {
      if (head != null) {
        return;
      }
      if (record.batchEnd() != batchEnd) {
        batchEnd = record.batchEnd();
        largest = 0;
        isOversized = false;
      }
      largest = Math.max(largest, record.bytes());
      isOversized |= record.isOversized();
      if (record.offset() >= offset) {
        head = new Head(record, largest, isOversized);
      }
    }
  }

  /**
   * Returns the largest of the next records of each partition, the largest first, without
   * partitions where that is one that wxphone accepts.
   *
   * @param offsets where each partition is read from
   * @throws KafkaException if the broker does not answer
   */
  public static List<PackedRecord> largest(BatchReader reader, Map<TopicPartition, Long> offsets) {
    List<PackedRecord> found = new ArrayList<>();
    offsets.forEach(
        (partition, offset) -> {
          Largest largest = new Largest(offset);
          long next = offset;
          while (largest.records < RECORDS) {
            long end = reader.read(partition, next, largest::add);
            if (end == next) {
              break;
            }
            next = end;
          }
          if (largest.record != null && largest.record.isOversized()) {
            found.add(largest.record);
          }
        });
    found.sort(Comparator.comparingInt(PackedRecord::bytes).reversed());
    return found;
  }

  private static final class Largest {
    private final long offset;
    private @Nullable PackedRecord record;
    private int records;

    Largest(long offset) {
      this.offset = offset;
    }

    void add(PackedRecord next) {
      records++;
      // One before the offset is unpacked too, if it is in the same batch.
      if (next.batchEnd() > offset && (record == null || next.bytes() > record.bytes())) {
        record = next;
      }
    }
  }

  /**
   * Returns the line for a reader that ran out of memory, with the error as its cause.
   *
   * @param offsets where it read each partition from
   */
  public static OperatorException failure(
      KafkaProperties properties, Map<TopicPartition, Long> offsets, OutOfMemoryError cause) {
    OperatorException failure = failure(properties, offsets);
    failure.initCause(cause);
    return failure;
  }

  private static OperatorException failure(
      KafkaProperties properties, Map<TopicPartition, Long> offsets) {
    try (BatchReader reader = new BatchReader(properties)) {
      List<PackedRecord> found = largest(reader, offsets);
      return found.isEmpty() ? outOfMemory() : failure(properties, found.get(0));
    } catch (KafkaException e) {
      // The memory is the trouble to report.
      return outOfMemory();
    }
  }

  private static OperatorException failure(KafkaProperties properties, PackedRecord record) {
    String line =
        "out of memory at %s: give this command more, as in java -Xmx2g -jar wxphone.jar"
            .formatted(describe(record));
    return OperatorException.failed(
        properties.isInput(record.partition().topic())
            ? line + "; if wxphone run ends there too: wxphone skip " + record.coordinates()
            : line);
  }

  private static OperatorException outOfMemory() {
    return OperatorException.failed(
        "out of memory (the heap has %d MB): give this command more, as in java -Xmx2g -jar wxphone.jar"
            .formatted(heapMegabytes()));
  }

  /** Returns the coordinates and the size of a record, and the size of the heap. */
  public static String describe(PackedRecord record) {
    return "%s, which has %s once it is unpacked (the heap has %d MB)"
        .formatted(record.coordinates(), Units.count(record.bytes(), "byte"), heapMegabytes());
  }

  private static long heapMegabytes() {
    return Runtime.getRuntime().maxMemory() >> 20;
  }
}
