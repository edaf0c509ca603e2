package dev.wxphone.tools.doctor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.codec.LoginReader.LoggedIn;
import dev.wxphone.core.codec.Openid;
import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.operator.Units;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Wrong;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks whether clicks and logins both arrive, and under the same openids. */
final class InputsCheck {
  static final String INPUTS = "inputs";
  static final String OPENIDS = "openids";

  /** Fewer logins without a click are those of users who have not clicked yet. */
  private static final int MANY_LOGINS = 10;

  /** Fewer openids without a login may be those of users whose login comes in a moment. */
  private static final int MANY_OPENIDS = 5;

  private static final int HALF = 2;

  private final TopicNames topics;
  private final Set<String> clicking = new HashSet<>();
  private final Set<String> loggedIn = new HashSet<>();
  private final Set<String> unionids = new HashSet<>();
  private boolean anyClick;
  private boolean anyLogin;
  private long clicks;
  private long logins;

  InputsCheck(TopicNames topics) {
    this.topics = topics;
  }

  /**
   * Takes a record of {@code phone-payload} into account.
   *
   * @param judged whether it is young enough to be judged
   */
  void addClick(ConsumerRecord<byte[], byte[]> record, boolean judged) {
    anyClick = true;
    byte[] key = record.key();
    if (judged) {
      clicks++;
      if (key != null && Openid.isOne(key)) {
        clicking.add(new String(key, UTF_8));
      }
    }
  }

  /** Takes a record of {@code session-key} into account. */
  void addLogin(ConsumerRecord<byte[], byte[]> record, boolean judged) {
    byte[] key = record.key();
    byte[] value = record.value();
    if (value == null) {
      return;
    }
    anyLogin = true;
    if (judged) {
      logins++;
    }
    if (key == null || !Openid.isOne(key)) {
      return;
    }
    String openid = new String(key, UTF_8);
    loggedIn.add(openid);
    if (LoginReader.read(value, openid, false) instanceof LoggedIn read
        && read.login().unionid() != null) {
      unionids.add(read.login().unionid());
    }
  }

  /**
   * Returns the findings.
   *
   * @param allLogins whether all records of {@code session-key} were added, so that an openid that
   *     is missing among them has no login
   * @param since maximum age of the records that are judged
   */
  List<Finding> findings(boolean allLogins, Duration since) {
    if (clicks > 0 && !anyLogin) {
      return List.of(
          new Wrong(
              INPUTS,
              "%s of %s, but no login on %s: none can become a profile"
                  .formatted(Units.count(clicks, "click"), Units.time(since), topics.sessionKey()),
              "let the login service publish each jscode2session answer there; if it does, see to"
                  + " which cluster and topic (wxphone.topic.session-key)"));
    }
    if (logins >= MANY_LOGINS && !anyClick) {
      return List.of(
          new Wrong(
              INPUTS,
              "%s of %s, but no click on %s"
                  .formatted(
                      Units.count(logins, "login"), Units.time(since), topics.phonePayload()),
              "let the backend publish e.detail of each click there; if it does, see to which"
                  + " cluster and topic (wxphone.topic.phone-payload)"));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(
        new Fine(
            INPUTS,
            "%s and %s of %s"
                .formatted(
                    Units.count(clicks, "click"),
                    Units.count(logins, "login"),
                    Units.time(since))));
    findings.add(openids(allLogins));
    return findings;
  }

  private Finding openids(boolean allLogins) {
    Set<String> unknown = new HashSet<>(clicking);
    unknown.removeAll(loggedIn);
    long others = unknown.stream().filter(unionids::contains).count();
    if (others > 0) {
      return new Wrong(
          OPENIDS,
          "%s: %s of the keys of clicks are unionids of logins (%s of %s)"
              .formatted(
                  topics.phonePayload(),
                  Units.share(others, clicking.size()),
                  Units.number(others),
                  Units.number(clicking.size())),
          "publish each click under the openid that its user's logins have, and not under the"
              + " unionid");
    }
    if (!allLogins) {
      return new Fine(
          OPENIDS, "%s has too many logins to compare all".formatted(topics.sessionKey()));
    }
    if (unknown.size() >= MANY_OPENIDS && unknown.size() * HALF >= clicking.size()) {
      return new Wrong(
          OPENIDS,
          "%s: %s of the openids that click never log in (%s of %s)"
              .formatted(
                  topics.phonePayload(),
                  Units.share(unknown.size(), clicking.size()),
                  Units.number(unknown.size()),
                  Units.number(clicking.size())),
          "publish clicks and logins of a user under the same openid: one app has one for each user,"
              + " and another app another");
    }
    return new Fine(
        OPENIDS,
        unknown.isEmpty()
            ? "all that click have a login"
            : "%s of %s that click have a login"
                .formatted(
                    Units.number(clicking.size() - unknown.size()), Units.number(clicking.size())));
  }
}
