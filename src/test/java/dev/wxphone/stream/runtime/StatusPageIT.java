package dev.wxphone.stream.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.integration.kit.Browser;
import dev.wxphone.integration.kit.Installed;
import dev.wxphone.integration.kit.LocalPorts;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page in a browser, under metrics that a stream seldom has. */
final class StatusPageIT {
  private static final String PROFILES = "wxphone_profiles_total";
  private static final String LOGINS = "wxphone_session_keys_total{event=\"login\"}";
  private static final String PAYLOADS = "wxphone_records_total{topic=\"phone-payload\"}";
  private static final String START = "process_start_time_seconds";

  private final int port = LocalPorts.free();
  private final Map<String, Double> series = new ConcurrentSkipListMap<>();
  private final Browser browser = Browser.start(new Installed("StatusPageIT"));
  private HealthServer server = serve();
  private volatile boolean ready = true;

  StatusPageIT() {
    double now = Instant.now().getEpochSecond();
    series.put(START, now - 3600);
    series.put("wxphone_last_login_timestamp_seconds", now);
    series.put("wxphone_last_click_timestamp_seconds", now);
    for (String none : new String[] {PROFILES, LOGINS, PAYLOADS, letters("USER_DENIED")}) {
      series.put(none, 0.0);
    }
  }

  private HealthServer serve() {
    return HealthServer.start(
        () -> new Health(true, ready, ready ? "RUNNING" : "REBALANCING, restoring 43 %"),
        this::metrics,
        "127.0.0.1",
        port);
  }

  private String metrics() {
    StringBuilder text = new StringBuilder();
    text.append("wxphone_ready ").append(ready ? 1 : 0).append('\n');
    series.forEach((name, value) -> text.append(name).append(' ').append(value).append('\n'));
    return text.toString();
  }

  private static String letters(String reason) {
    return "wxphone_dead_letters_total{reason=\"" + reason + "\"}";
  }

  private void add(String name, int more) {
    series.merge(name, (double) more, Double::sum);
  }

  private void open() {
    browser.open("http://127.0.0.1:" + port + "/");
    browser.awaitTrue("samples.length > 0");
  }

  /** Lets the page ask once more. */
  private void askAgain() {
    int before = browser.evaluate("samples[samples.length - 1].at").asInt();
    browser.evaluate("void turn()");
    browser.awaitTrue("!asking && samples[samples.length - 1].at !== " + before);
  }

  /** Makes the page as old as if it had been open for 5 minutes. */
  private void age() {
    browser.evaluate("void (samples[0].at -= 300e3)");
  }

  private String headline() {
    return browser.textOf("headline");
  }

  @AfterEach
  void close() {
    browser.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0, 0, 'Healthy, and no clicks now'",
    "3, 0, 0, 3, 'Healthy: clicks become profiles'",
    "95, 5, 0, 90, 'Healthy: clicks become profiles'",
    "10, 0, 90, 90, 'Healthy: clicks become profiles'",
    "80, 20, 0, 90, Many clicks fail",
    "10, 90, 0, 90, Most clicks fail",
    "0, 90, 0, 90, No click becomes a profile",
    "10, 90, 0, 0, 'Clicks come, but no logins'",
    "0, 4, 0, 4, 'Healthy: clicks become profiles'"
  })
  void its_headline_says_whether_clicks_become_profiles(
      int profiles, int stale, int denied, int logins, String headline) {
    open();
    age();
    add(PROFILES, profiles);
    add(letters("SESSION_KEY_STALE"), 0);
    askAgain();
    add(letters("SESSION_KEY_STALE"), stale);
    add(letters("USER_DENIED"), denied);
    add(LOGINS, logins);
    askAgain();
    assertThat(headline()).isEqualTo(headline);
    assertThat(browser.textOf("why")).doesNotContain("NaN", "undefined");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void a_reason_that_it_does_not_know_is_shown_by_its_name() {
    add(letters("NOT_INVENTED_YET"), 1234);
    add("wxphone_recovered_total{cause=\"luck \\\"\\\\<b>\"}", 7);
    open();
    assertThat(browser.textOf("reasons")).contains("NOT_INVENTED_YET").contains("1,234");
    assertThat(browser.textOf("causes")).contains("luck \"\\<b>").contains("7");
    assertThat(browser.textOf("letters")).isEqualTo("1,234");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void counters_begin_again_at_a_restart() {
    add(PROFILES, 1000);
    open();
    age();
    add(PROFILES, 100);
    askAgain();
    series.put(PROFILES, 40.0);
    series.merge(START, 3590.0, Double::sum);
    askAgain();
    assertThat(browser.textOf("profiles")).isEqualTo("40");
    assertThat(browser.textOf("uptime")).startsWith("up 1");
    assertThat(browser.evaluate("total(added('profiles'))").asInt()).isEqualTo(140);
    assertThat(browser.evaluate("perSecond('profiles')").asDouble()).isNotNegative();
    assertThat(headline()).isEqualTo("Healthy: clicks become profiles");
  }

  @Test
  void it_says_that_the_process_is_away_and_goes_on_when_it_is_back() {
    add(PROFILES, 1000);
    open();
    server.close();
    browser.awaitTrue("failure !== ''");
    assertThat(headline()).isEqualTo("No answer from this process");
    assertThat(browser.textOf("why")).startsWith("Nothing listens at 127.0.0.1:" + port);
    assertThat(browser.textOf("profiles")).isEqualTo("1,000");
    assertThat(browser.evaluate("document.title").asText()).startsWith("✕ No answer");
    add(PROFILES, 1);
    server = serve();
    browser.awaitTrue("failure === ''");
    assertThat(headline()).startsWith("Healthy");
    assertThat(browser.textOf("profiles")).isEqualTo("1,001");
  }

  @Test
  void it_says_why_it_is_not_ready() {
    ready = false;
    open();
    assertThat(headline()).isEqualTo("Not ready: clicks wait");
    assertThat(browser.textOf("why")).isEqualTo("REBALANCING, restoring 43 %");
    ready = true;
    askAgain();
    assertThat(headline()).startsWith("Healthy");
    assertThat(browser.errors()).isEmpty();
  }

  @Test
  void a_tab_that_was_asleep_shows_all_that_came_meanwhile() {
    open();
    browser.freeze(true);
    add(PROFILES, 500);
    browser.freeze(false);
    askAgain();
    assertThat(browser.textOf("profiles")).isEqualTo("500");
    assertThat(browser.evaluate("total(added('profiles'))").asInt()).isEqualTo(500);
  }

  @Test
  void it_is_read_by_those_who_do_not_see_it() {
    add(letters("USER_DENIED"), 3);
    open();
    askAgain();
    assertThat(browser.evaluate("document.documentElement.lang").asText()).isEqualTo("en");
    assertThat(browser.evaluate("document.querySelectorAll('h1[aria-live=polite]').length").asInt())
        .isOne();
    String unnamed =
        "[...document.querySelectorAll('svg:not([aria-label]), table:not(:has(caption)),"
            + " section:not([aria-label]), th:not([scope])')].map(e => e.outerHTML)";
    assertThat(browser.evaluate(unnamed)).isEmpty();
    assertThat(browser.evaluate("$('letters-chart').getAttribute('aria-label')").asText())
        .startsWith("Dead letters per second over the last ");
  }
}
