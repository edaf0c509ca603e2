package dev.wxphone.demo;

import dev.wxphone.books.Books;
import dev.wxphone.stream.metrics.AnswerCounts;
import org.jspecify.annotations.Nullable;

/**
 * The state of a demo at one moment.
 *
 * @param seconds since the demo began to play
 * @param published payloads that the broker has accepted
 * @param publishedPerSecond the rate of the last two seconds
 * @param newestProfile one line, with the number masked; null before the first profile
 * @param newestDeadLetter one line; null before the first dead letter
 */
record DemoSnapshot(
    String bootstrapServers,
    long seconds,
    long published,
    double publishedPerSecond,
    Books books,
    AnswerCounts counts,
    @Nullable String newestProfile,
    @Nullable String newestDeadLetter) {

  /** Returns the number of published payloads whose answer has not been read. */
  long unanswered() {
    long unread = published - (books.payloads() - books.rerouted());
    return books.unanswered() + Math.max(0, unread);
  }
}
