package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/**
 * Another way to a broker on this machine, on which a group can lose a member that is all right and
 * does not learn it: whatever the member says to keep its place may get lost, while it reads and
 * writes and commits as ever, over other connections.
 */
public final class CuttableProxy implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** Whatever keeps a member in its group, or gets it in again. */
  private static final Set<Short> MEMBERSHIP =
      Set.of(ApiKeys.HEARTBEAT.id, ApiKeys.JOIN_GROUP.id, ApiKeys.SYNC_GROUP.id);

  private final int brokerPort;
  private final ServerSocket server;
  private final String brokerAddress;
  private final String ownAddress;
  private boolean cut;

  /**
   * Begins to listen.
   *
   * @param bootstrapServers of the broker, {@code 127.0.0.1:port}
   */
  public CuttableProxy(String bootstrapServers) throws IOException {
    brokerPort = Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1));
    server = new ServerSocket(0, 50, LOOPBACK);
    brokerAddress = asAnswered(brokerPort);
    ownAddress = asAnswered(server.getLocalPort());
    inBackground(
        () -> {
          while (true) {
            connect(server.accept());
          }
        });
  }

  public String bootstrapServers() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /**
   * From now on nothing goes through that keeps a member in its group, nor what follows it on its
   * connection.
   */
  public synchronized void cutHeartbeats() {
    cut = true;
  }

  /**
   * All goes through again. A connection on which something was held ends, since its client may
   * have given it up long ago: a request to join of then would be taken for one of now.
   */
  public synchronized void mend() {
    cut = false;
    notifyAll();
  }

  /** Connections that are open end with the programs that opened them. */
  @Override
  public void close() throws IOException {
    server.close();
    mend();
  }

  /** Returns once the frame may go through, or throws where it was held. */
  private synchronized void letThrough(byte[] request) throws IOException {
    if (cut && MEMBERSHIP.contains(ByteBuffer.wrap(request).getShort())) {
      while (cut) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      }
      throw new IOException("it was held");
    }
  }

  private void connect(Socket client) throws IOException {
    Socket broker = new Socket(LOOPBACK, brokerPort);
    inBackground(() -> forward(client, broker, this::letThrough));
    inBackground(() -> forward(broker, client, this::adviseOurselves));
  }

  /** The frames of one direction, as whole as they come: a size of four bytes, and so many. */
  private static void forward(Socket from, Socket to, Customs customs) throws IOException {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      DataOutputStream out = new DataOutputStream(to.getOutputStream());
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        customs.pass(frame);
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(frame.length).array());
        out.write(frame);
      }
    }
  }

  /**
   * Where a broker tells its address, clients would go around the proxy. In every answer that has
   * it the port's four bytes follow the host.
   */
  private void adviseOurselves(byte[] answer) {
    String text = new String(answer, ISO_8859_1);
    for (int at = text.indexOf(brokerAddress); at >= 0; at = text.indexOf(brokerAddress, at + 1)) {
      System.arraycopy(ownAddress.getBytes(ISO_8859_1), 0, answer, at, ownAddress.length());
    }
  }

  /** A broker's host and port as they are in its answers, a character for each byte. */
  private static String asAnswered(int port) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(port).array();
    return "127.0.0.1" + new String(bytes, ISO_8859_1);
  }

  /** Looks at a frame before it goes on. */
  private interface Customs {
    void pass(byte[] frame) throws IOException;
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void inBackground(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException end) {
                // One of the ends, or the test, has closed it.
              }
            },
            "cuttable-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
