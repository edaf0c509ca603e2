package dev.wxphone.stream.runtime;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which topic rejects a record, and why. The stream thread fails nevertheless: to continue
 * would lose a payload's answer, and the transaction can't take a dead letter instead any more.
 */
public final class ReportingProductionHandler implements ProductionExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ReportingProductionHandler.class);

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    // Records that fail with their transaction need no line of their own.
    if (isRejection(exception)) {
      LOG.error(
          "{} refuses a record with {}: see its settings with wxphone doctor; what is not answered"
              + " is answered once they are mended",
          record.topic(),
          exception.getClass().getSimpleName());
    }
    return Response.fail();
  }

  private static boolean isRejection(Exception exception) {
    return exception instanceof RecordTooLargeException
        || exception instanceof RecordBatchTooLargeException
        || exception instanceof InvalidTimestampException
        || exception instanceof InvalidRecordException
        || exception instanceof TopicAuthorizationException;
  }
}
