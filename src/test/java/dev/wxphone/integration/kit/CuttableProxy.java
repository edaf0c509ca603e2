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
 * A TCP proxy to a broker on this machine that can hold the requests by which a consumer group
 * member keeps its membership. The group then gives up the member, while the member does not learn
 * it and reads, writes and commits as before over other connections.
 */
public final class CuttableProxy implements AutoCloseable {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  /** The requests that keep a member in its group, or let it join again. */
  private static final Set<Short> MEMBERSHIP_REQUESTS =
      Set.of(ApiKeys.HEARTBEAT.id, ApiKeys.JOIN_GROUP.id, ApiKeys.SYNC_GROUP.id);

  private final int brokerPort;
  private final ServerSocket server;
  private final String brokerAddress;
  private final String ownAddress;
  private boolean cut;
  private boolean cutAll;

  /**
   * Creates a proxy and starts to listen.
   *
   * @param bootstrapServers the address of the broker, {@code 127.0.0.1:port}
   */
  public CuttableProxy(String bootstrapServers) throws IOException {
    brokerPort = Integer.parseInt(bootstrapServers.substring(bootstrapServers.indexOf(':') + 1));
    server = new ServerSocket(0, 50, LOOPBACK);
    brokerAddress = encodedAddress(brokerPort);
    ownAddress = encodedAddress(server.getLocalPort());
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

  /** Holds all membership requests from now on, and whatever follows them on their connections. */
  public synchronized void cutHeartbeats() {
    cut = true;
  }

  /** Holds all requests from now on, as if no broker answered. */
  public synchronized void cutEverything() {
    cut = true;
    cutAll = true;
  }

  /**
   * Forwards everything again. Connections on which a request was held are closed, since their
   * clients may have given up the requests: the group would take an old join for a new one.
   */
  public synchronized void restoreHeartbeats() {
    cut = false;
    cutAll = false;
    notifyAll();
  }

  /** Stops listening; open connections end with the programs that opened them. */
  @Override
  public void close() throws IOException {
    server.close();
    restoreHeartbeats();
  }

  /** Returns if the request may be forwarded; throws when it was held and is given up. */
  private synchronized void holdIfCut(byte[] request) throws IOException {
    if (cut && (cutAll || MEMBERSHIP_REQUESTS.contains(ByteBuffer.wrap(request).getShort()))) {
      while (cut) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new InterruptedIOException();
        }
      }
      throw new IOException("the request was held");
    }
  }

  private void connect(Socket client) throws IOException {
    Socket broker = new Socket(LOOPBACK, brokerPort);
    inBackground(() -> forward(client, broker, this::holdIfCut));
    inBackground(() -> forward(broker, client, this::rewriteAddress));
  }

  /** Forwards the frames of one direction; each is a size of four bytes and the bytes. */
  private static void forward(Socket from, Socket to, FrameFilter filter) throws IOException {
    try (from;
        to) {
      DataInputStream in = new DataInputStream(from.getInputStream());
      DataOutputStream out = new DataOutputStream(to.getOutputStream());
      while (true) {
        byte[] frame = new byte[in.readInt()];
        in.readFully(frame);
        filter.apply(frame);
        out.write(ByteBuffer.allocate(Integer.BYTES).putInt(frame.length).array());
        out.write(frame);
      }
    }
  }

  /**
   * Replaces the broker's address in an answer, with which clients would bypass the proxy. In every
   * answer that has it, the port's four bytes follow the host.
   */
  private void rewriteAddress(byte[] answer) {
    String text = new String(answer, ISO_8859_1);
    for (int at = text.indexOf(brokerAddress); at >= 0; at = text.indexOf(brokerAddress, at + 1)) {
      System.arraycopy(ownAddress.getBytes(ISO_8859_1), 0, answer, at, ownAddress.length());
    }
  }

  /** Returns host and port as they are encoded in answers, one character per byte. */
  private static String encodedAddress(int port) {
    byte[] bytes = ByteBuffer.allocate(Integer.BYTES).putInt(port).array();
    return "127.0.0.1" + new String(bytes, ISO_8859_1);
  }

  /** Is called with each frame before it is forwarded. */
  private interface FrameFilter {
    void apply(byte[] frame) throws IOException;
  }

  private interface IoAction {
    void run() throws IOException;
  }

  private static void inBackground(IoAction action) {
    Thread thread =
        new Thread(
            () -> {
              try {
                action.run();
              } catch (IOException end) {
                // One side, or the test, has closed the connection.
              }
            },
            "cuttable-proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
