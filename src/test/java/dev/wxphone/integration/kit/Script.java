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
 * People for a client in another language to play, one click each: some log in before they click,
 * some click under an earlier session key, and the login of some is published late.
 *
 * <p>A line is {@code login APPID OPENID SESSION_KEY} or {@code click OPENID SESSION_KEY PHONE ID},
 * with tabs between; PHONE is what WeChat is to encrypt, ID a header.
 */
public final class Script {
  private final Map<String, TestUser> people = new HashMap<>();
  private final List<String> first = new ArrayList<>();
  private final List<String> late = new ArrayList<>();

  private Script() {}

  public static Script of(int count) {
    Script script = new Script();
    for (int number = 0; number < count; number++) {
      script.add(number, new TestUser());
    }
    return script;
  }

  /** The people by the ids of their clicks. */
  public Map<String, TestUser> people() {
    return people;
  }

  /** How many wait for a login. */
  public int waiting() {
    return late.size();
  }

  /** All that is published before anybody looks at the answers. */
  public Path first(Path directory) {
    return write(directory.resolve("first"), first);
  }

  /** The logins that come late. */
  public Path late(Path directory) {
    return write(directory.resolve("late"), late);
  }

  private void add(int number, TestUser visitor) {
    String id = "click-" + number;
    people.put(id, visitor);
    switch (number % 4) {
      case 0 -> {
        // No key is there.
        click(id, visitor, visitor.newest());
        login(late, visitor, visitor.newest());
      }
      case 1 -> {
        // An older one is there.
        login(first, visitor, visitor.before());
        click(id, visitor, visitor.newest());
        login(late, visitor, visitor.newest());
      }
      case 2 -> {
        // A newer one is there.
        login(first, visitor, visitor.before());
        login(first, visitor, visitor.newest());
        click(id, visitor, visitor.before());
      }
      default -> {
        login(first, visitor, visitor.newest());
        click(id, visitor, visitor.newest());
      }
    }
  }

  private static void login(List<String> lines, TestUser visitor, SessionKey key) {
    lines.add(String.join("\t", "login", Clicks.APPID, visitor.openid(), Clicks.base64(key)));
  }

  private void click(String id, TestUser visitor, SessionKey key) {
    String phone = visitor.phone().json();
    first.add(String.join("\t", "click", visitor.openid(), Clicks.base64(key), phone, id));
  }

  private static Path write(Path file, List<String> lines) {
    try {
      return Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
