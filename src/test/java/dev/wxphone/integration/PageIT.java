package dev.wxphone.integration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.wxphone.integration.kit.Browser;
import dev.wxphone.integration.kit.Installation;
import dev.wxphone.integration.kit.Installed;
import dev.wxphone.integration.kit.LoadGenerator;
import dev.wxphone.integration.kit.Program;
import dev.wxphone.integration.kit.SharedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The page at / of a real {@code run}, in Debian's Chromium. It leaves what it saw in {@code
 * target/page}.
 */
@ExtendWith(SharedBroker.Extension.class)
final class PageIT {
  private static final int PAYLOADS = 400;
  private static final int NARROWEST = 360;
  private static final Pattern SERIES = Pattern.compile("(?m)^(\\w+)(\\{.*})? (\\S+)$");
  private static final Pattern OWN = Pattern.compile("reason=\"(\\w+)\"|cause=\"([\\w-]+)\"");

  @Test
  void it_shows_the_numbers_of_metrics_and_asks_nobody_else(SharedBroker broker)
      throws IOException {
    try (Browser browser = Browser.start(new Installed("PageIT"));
        Installation installation = new Installation(broker)) {
      Program run = installation.run();
      String url = run.url();
      browser.resize(1200, 900, false);
      browser.open(url);
      try (LoadGenerator load = LoadGenerator.start(installation)) {
        load.awaitMore(PAYLOADS);
        browser.awaitTrue("document.getElementById('headline').textContent.includes('clicks')");
        long published = load.stop();
        installation.booksOf(published);
      }
      // Nothing comes any more, so that two answers of /metrics are the same in what is counted.
      browser.awaitTrue("samples.length > 0 && perSecond('records', 3000) === 0");
      assertNumbersOf(run.get("/metrics").body(), browser);
      assertThat(browser.requests())
          .isNotEmpty()
          .allSatisfy(request -> assertThat(request).matches("data:.*|\\Q" + url + "\\E.*"));

      Path seen = Files.createDirectories(Path.of("target", "page"));
      for (String scheme : new String[] {"light", "dark"}) {
        browser.preferColourScheme(scheme);
        browser.resize(1200, 900, false);
        browser.screenshot(seen.resolve(scheme + ".png"));
        browser.resize(NARROWEST, 800, true);
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
            .isLessThanOrEqualTo(NARROWEST);
        browser.screenshot(seen.resolve("phone-" + scheme + ".png"));
      }
      assertThat(browser.errors()).isEmpty();
    }
  }

  private static void assertNumbersOf(String metrics, Browser browser) {
    Map<String, Double> expected = new TreeMap<>();
    Map<String, String> ids =
        Map.of(
            "wxphone_profiles_total", "profiles",
            "wxphone_dead_letters_total", "letters",
            "wxphone_recovered_total", "recovered",
            "wxphone_waiting_payloads", "waiting",
            "wxphone_lag_records", "lag");
    for (MatchResult series : SERIES.matcher(metrics).results().toList()) {
      double value = Double.parseDouble(series.group(3));
      String id = ids.get(series.group(1));
      if (id != null) {
        expected.merge(id, value, Double::sum);
        String labels = series.group(2);
        if (labels != null && value > 0 && !id.equals("lag")) {
          String own =
              OWN.matcher(labels)
                  .results()
                  .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                  .findFirst()
                  .orElseThrow();
          expected.put((id.equals("letters") ? "reasons-" : "causes-") + own, value);
        }
      }
    }
    assertThat(expected).hasSizeGreaterThan(8).containsKeys("profiles", "letters", "waiting");
    JsonNode shown =
        browser.evaluate(
            "Object.fromEntries([...document.querySelectorAll('data')].map(d => [d.id,"
                + " d.textContent]))");
    Map<String, Double> numbers =
        expected.keySet().stream()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    id -> Double.valueOf(shown.path(id).asText().replace(",", "")),
                    (one, other) -> one,
                    TreeMap::new));
    assertThat(numbers).isEqualTo(expected);
  }
}
