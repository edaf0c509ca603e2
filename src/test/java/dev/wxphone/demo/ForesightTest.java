package dev.wxphone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.settings.Setting;
import dev.wxphone.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForesightTest {
  /** No answer depends on these. */
  private static final Set<String> OF_NO_MATTER =
      Set.of("wxphone.http.port", "wxphone.rocksdb.megabytes");

  @Test
  void under_the_defaults_every_answer_is_told() {
    assertThat(Foresight.lostTo(settings(Map.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "wxphone.appids, wx0123456789abcdef",
    "wxphone.session.keys, 2",
    "wxphone.session.wait, PT0S",
    "wxphone.session.wait, PT3S",
    "wxphone.session.failures, 7",
    "wxphone.session.wait.max, 7",
    "wxphone.watermark.max-age, PT1S",
    "wxphone.watermark.max-age, P7D",
    "wxphone.reroute, false",
  })
  void what_may_change_an_answer_is_named(String key, String value) {
    assertThat(Foresight.lostTo(settings(Map.of(key, value)))).containsExactly(key);
  }

  @ParameterizedTest
  @CsvSource({
    "wxphone.appids, 'wx0123456789abcdef,wx4f4bc4dec97d474b'",
    "wxphone.session.keys, 16",
    "wxphone.session.wait, PT5S",
    "wxphone.session.wait, PT10M",
    "wxphone.session.failures, 1000",
    "wxphone.session.wait.max, 1000",
    "wxphone.watermark.max-age, P6D",
    "wxphone.topic.dead-letter, letters",
    "wxphone.rocksdb.megabytes, 16",
  })
  void what_changes_no_answer_is_not(String key, String value) {
    assertThat(Foresight.lostTo(settings(Map.of(key, value)))).isEmpty();
  }

  @Test
  void every_setting_is_one_that_may_change_an_answer_or_is_known_not_to() {
    Settings worst =
        settings(
            Map.of(
                "wxphone.appids", "another",
                "wxphone.session.keys", "1",
                "wxphone.session.wait", "PT0S",
                "wxphone.session.failures", "1",
                "wxphone.session.wait.max", "1",
                "wxphone.watermark.max-age", "P365D",
                "wxphone.reroute", "false"));
    Set<String> ofMatter =
        Setting.ALL.stream()
            .map(Setting::key)
            .filter(key -> !key.startsWith("wxphone.topic.") && !OF_NO_MATTER.contains(key))
            .collect(Collectors.toSet());
    List<String> named = Foresight.lostTo(worst);
    assertThat(named).containsExactlyInAnyOrderElementsOf(ofMatter);
  }

  private static Settings settings(Map<String, String> overrides) {
    return Settings.load(null, Map.of(), overrides, warning -> {});
  }
}
