package dev.wxphone.integration.kit;

import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.proof.Clicks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A script for a client in another language, with one click per user: some users log in before they
 * click, some click under an earlier session key, and the login of some is published late.
 *
 * <p>A line is {@code login APPID OPENID SESSION_KEY} or {@code click OPENID SESSION_KEY PHONE ID},
 * separated by tabs; PHONE is the plaintext to encrypt, ID the value of a header.
 */
public final class ClickScript {
  private final Map<String, TestUser> users = new HashMap<>();
  private final List<String> firstLines = new ArrayList<>();
  private final List<String> lateLogins = new ArrayList<>();

  private ClickScript() {}

  public static ClickScript of(int count) {
    ClickScript script = new ClickScript();
    for (int number = 0; number < count; number++) {
      script.add(number, new TestUser());
    }
    return script;
  }

  /** Returns the users by the ids of their clicks. */
  public Map<String, TestUser> users() {
    return users;
  }

  /** Returns how many clicks wait for a late login. */
  public int lateLogins() {
    return lateLogins.size();
  }

  /** Writes the lines that are published first, and returns the file. */
  public Path writeFirst(Path directory) {
    return write(directory.resolve("first"), firstLines);
  }

  /** Writes the late logins, and returns the file. */
  public Path writeLateLogins(Path directory) {
    return write(directory.resolve("late"), lateLogins);
  }

  private void add(int number, TestUser user) {
    String id = "click-" + number;
    users.put(id, user);
    switch (number % 4) {
      case 0 -> {
        // No key is known.
        click(id, user, user.sessionKey());
        login(lateLogins, user, user.sessionKey());
      }
      case 1 -> {
        // An older key is known.
        login(firstLines, user, user.previousSessionKey());
        click(id, user, user.sessionKey());
        login(lateLogins, user, user.sessionKey());
      }
      case 2 -> {
        // A newer key is known.
        login(firstLines, user, user.previousSessionKey());
        login(firstLines, user, user.sessionKey());
        click(id, user, user.previousSessionKey());
      }
      default -> {
        login(firstLines, user, user.sessionKey());
        click(id, user, user.sessionKey());
      }
    }
  }

  private static void login(List<String> lines, TestUser user, SessionKey key) {
    lines.add(String.join("\t", "login", Clicks.APPID, user.openid(), Clicks.base64(key)));
  }

  private void click(String id, TestUser user, SessionKey key) {
    String phone = user.phone().json();
    firstLines.add(String.join("\t", "click", user.openid(), Clicks.base64(key), phone, id));
  }

  private static Path write(Path file, List<String> lines) {
    try {
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
