package dev.wxphone.integration.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of a stream, read by a thread of its own. */
final class OutputLines {
  private final List<String> lines = new ArrayList<>();
  private final String name;
  private boolean complete;

  OutputLines(InputStream stream, String name) {
    this.name = name;
    Thread reader = new Thread(() -> read(stream), name);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(InputStream stream) {
    try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      // The process was killed.
    } finally {
      complete();
    }
  }

  private synchronized void add(String line) {
    lines.add(line);
    notifyAll();
  }

  private synchronized void complete() {
    complete = true;
    notifyAll();
  }

  /** Returns the lines read so far. */
  synchronized List<String> current() {
    return List.copyOf(lines);
  }

  /** Waits for the end of the stream and returns all lines. */
  synchronized List<String> all() throws InterruptedException {
    while (!complete) {
      wait();
    }
    return List.copyOf(lines);
  }

  /** Waits for a line in which the pattern is found. */
  synchronized Matcher await(Pattern wanted) {
    long deadline = System.nanoTime() + Program.TIMEOUT.toNanos();
    int next = 0;
    while (true) {
      for (; next < lines.size(); next++) {
        Matcher matcher = wanted.matcher(lines.get(next));
        if (matcher.find()) {
          return matcher;
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (complete || left <= 0) {
        throw new AssertionError(
            name + " has no line with " + wanted + ":\n" + String.join("\n", lines));
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
