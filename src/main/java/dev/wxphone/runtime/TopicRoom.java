package dev.wxphone.runtime;

import dev.wxphone.envelope.DeadLetter;
import dev.wxphone.settings.TopicNames;

/** How large a record each topic has to take: an answer that is refused would stop the stream. */
public final class TopicRoom {
  /** The largest profile, rerouted copy or waiting payload, generously. */
  private static final int OTHER_BYTES = 512 * 1024;

  private TopicRoom() {}

  /** The least {@code max.message.bytes} of a topic that the stream writes to. */
  public static int needed(TopicNames topics, String name) {
    return name.equals(topics.deadLetter()) ? DeadLetter.MAX_BYTES : OTHER_BYTES;
  }
}
