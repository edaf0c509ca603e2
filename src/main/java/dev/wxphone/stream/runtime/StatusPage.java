package dev.wxphone.stream.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page at {@code /}, which draws {@code /metrics} and {@code /ready} in a browser.
 *
 * @param html the whole page, without anything that is loaded from elsewhere
 * @param contentSecurityPolicy lets a browser run only the style and the script of the page, and
 *     ask only the server that it came from
 */
record StatusPage(String html, String contentSecurityPolicy) {
  private static final String RESOURCE = "status.html";

  static final StatusPage INSTANCE = of(read());

  static StatusPage of(String html) {
    return new StatusPage(
        html,
        "default-src 'none'; script-src %s; style-src %s; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            .formatted(hashOf(html, "script"), hashOf(html, "style")));
  }

  /** Returns the source expression of the one element of this name. */
  private static String hashOf(String html, String element) {
    Matcher found =
        Pattern.compile("<%1$s>(.*?)</%1$s>".formatted(element), Pattern.DOTALL).matcher(html);
    if (!found.find()) {
      throw new IllegalStateException("no " + element + " in " + RESOURCE);
    }
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(found.group(1).getBytes(UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new LinkageError("every Java platform has SHA-256", e);
    }
  }

  private static String read() {
    try (InputStream resource = StatusPage.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("no " + RESOURCE + " beside " + StatusPage.class);
      }
      return new String(resource.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
