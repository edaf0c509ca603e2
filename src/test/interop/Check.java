import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads COUNT profiles as Consume.java does; prints the openid and the correlation id of each. */
final class Check extends Consume {
  private int left;

  public static void main(String[] args) {
    Check check = new Check();
    check.left = Integer.parseInt(args[0]);
    check.run();
  }

  @Override
  void save(ConsumerRecord<String, String> profile) {
    String id = new String(profile.headers().lastHeader("correlation-id").value(), UTF_8);
    System.out.println(profile.key() + "\t" + id);
    if (--left == 0) {
      System.exit(0);
    }
  }

  @Override
  void forget(String openid) {
    throw new AssertionError(openid);
  }
}
