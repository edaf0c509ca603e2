package dev.wxphone.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class SettingTest {

  @Test
  void the_table_holds_the_settings_of_the_contract() {
    assertThat(Setting.ALL)
        .extracting(Setting::key)
        .containsExactly(
            "wxphone.appids",
            "wxphone.session.keys",
            "wxphone.session.wait",
            "wxphone.session.failures",
            "wxphone.session.wait.max",
            "wxphone.watermark.max-age",
            "wxphone.users.idle",
            "wxphone.reroute",
            "wxphone.topic.phone-payload",
            "wxphone.topic.session-key",
            "wxphone.topic.user-profile",
            "wxphone.topic.dead-letter",
            "wxphone.topic.dead-letter-audit",
            "wxphone.http.port",
            "wxphone.http.host",
            "wxphone.rocksdb.megabytes");
  }

  @ParameterizedTest
  @FieldSource("dev.wxphone.settings.Setting#ALL")
  void a_default_written_out_is_the_default(Setting<?> setting) {
    assertThat(new Sources().override(setting.key(), setting.defaultText()).load())
        .isEqualTo(new Sources().load());
  }

  @ParameterizedTest
  @FieldSource("dev.wxphone.settings.Setting#ALL")
  void a_setting_is_explained_in_one_sentence(Setting<?> setting) {
    assertThat(setting.meaning()).matches("[A-Z][^.]+(\\.[a-z][^.]+)*\\.");
  }

  @ParameterizedTest
  @FieldSource("dev.wxphone.settings.Setting#ALL")
  void a_known_key_is_nearest_to_itself(Setting<?> setting) {
    assertThat(Setting.nearestTo(setting.key())).isEqualTo(setting.key());
    assertThat(Setting.isKnown(setting.key())).isTrue();
  }

  @Test
  void a_given_value_does_not_show_in_text() {
    assertThat(Map.of("k", new RawValue("hunter2", "-D", true)).toString())
        .isEqualTo("{k=RawValue[origin=-D]}");
  }
}
