package dev.wxphone.stream.runtime;

import dev.wxphone.cli.ManifestVersion;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.kafka.ClientPrincipal;
import dev.wxphone.operator.SafeText;
import dev.wxphone.settings.Settings;

/** The line that a start logs: who reads and writes what, as whom. */
final class StartLine {
  private StartLine() {}

  /** Returns the line. */
  static String of(Settings settings) {
    StreamProperties properties = new StreamProperties(settings);
    TopicNames topics = settings.topics();
    String principal =
        ClientPrincipal.of(settings.kafka())
            .map(name -> " as " + SafeText.shortened(name))
            .orElse("");
    return "wxphone %s starts in group %s%s, %s: reads %s and %s, writes %s and %s, its state is in %s"
        .formatted(
            ManifestVersion.version(),
            settings.applicationId(),
            principal,
            properties.guarantee(),
            topics.phonePayload(),
            topics.sessionKey(),
            topics.userProfile(),
            topics.deadLetter(),
            properties.stateDirectory().path());
  }
}
