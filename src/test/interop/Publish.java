import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

final class Publish implements AutoCloseable {
  private final KafkaProducer<String, String> producer =
      new KafkaProducer<>(
          Map.of("bootstrap.servers", "localhost:9092"),
          new StringSerializer(),
          new StringSerializer());

  /** The login service: session is what jscode2session answered, with the appid, as JSON. */
  void login(String openid, String session) throws Exception {
    producer.send(new ProducerRecord<>("session-key", openid, session)).get();
  }

  /** The backend: e.detail as the page got it, and a header of yours, which the answer carries too. */
  void click(String openid, String detail, String id) throws Exception {
    var click = new ProducerRecord<>("phone-payload", openid, detail);
    click.headers().add("correlation-id", id.getBytes(UTF_8));
    producer.send(click).get();
  }

  @Override
  public void close() {
    producer.close();
  }
}
