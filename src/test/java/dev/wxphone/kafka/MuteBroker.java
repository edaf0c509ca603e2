package dev.wxphone.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;

/** A broker that says which topic it leads, and answers nothing else. */
final class MuteBroker implements AutoCloseable {
  private static final int ID = 1;
  private static final ApiKeys[] KNOWN = {
    ApiKeys.API_VERSIONS, ApiKeys.METADATA, ApiKeys.PRODUCE, ApiKeys.INIT_PRODUCER_ID
  };

  private final String topic;
  private final ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

  /** Begins to listen. */
  MuteBroker(String topic) throws IOException {
    this.topic = topic;
    inBackground(
        () -> {
          while (true) {
            Socket client = server.accept();
            inBackground(() -> serve(client));
          }
        });
  }

  String bootstrapServers() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    server.close();
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
                // The client, or the test, has closed its end.
              }
            },
            "mute-broker");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket client) throws IOException {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      while (true) {
        byte[] request = new byte[in.readInt()];
        in.readFully(request);
        RequestHeader header = RequestHeader.parse(ByteBuffer.wrap(request));
        if (header.apiKey() == ApiKeys.API_VERSIONS) {
          answer(out, header, apiVersions());
        } else if (header.apiKey() == ApiKeys.METADATA) {
          answer(out, header, metadata());
        }
      }
    }
  }

  private static void answer(DataOutputStream out, RequestHeader header, ApiMessage answer)
      throws IOException {
    ByteBuffer bytes =
        RequestUtils.serialize(
            header.toResponseHeader().data(),
            header.toResponseHeader().headerVersion(),
            answer,
            header.apiVersion());
    out.writeInt(bytes.remaining());
    out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    out.flush();
  }

  private static ApiVersionsResponseData apiVersions() {
    ApiVersionsResponseData answer = new ApiVersionsResponseData();
    for (ApiKeys key : KNOWN) {
      answer
          .apiKeys()
          .add(
              new ApiVersionsResponseData.ApiVersion()
                  .setApiKey(key.id)
                  .setMinVersion(key.oldestVersion())
                  .setMaxVersion(key.latestVersion()));
    }
    return answer;
  }

  private MetadataResponseData metadata() {
    MetadataResponseData answer = new MetadataResponseData().setControllerId(ID);
    answer
        .brokers()
        .add(
            new MetadataResponseData.MetadataResponseBroker()
                .setNodeId(ID)
                .setHost("127.0.0.1")
                .setPort(server.getLocalPort()));
    MetadataResponseData.MetadataResponseTopic known =
        new MetadataResponseData.MetadataResponseTopic().setName(topic).setTopicId(Uuid.ONE_UUID);
    known
        .partitions()
        .add(
            new MetadataResponseData.MetadataResponsePartition()
                .setPartitionIndex(0)
                .setLeaderId(ID)
                .setLeaderEpoch(1));
    answer.topics().add(known);
    return answer;
  }
}
