package dev.wxphone.tools.doctor;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.settings.Settings;
import dev.wxphone.tools.doctor.Finding.Fine;
import dev.wxphone.tools.doctor.Finding.Unchecked;
import dev.wxphone.tools.doctor.Finding.Wrong;
import dev.wxphone.topics.Acl;
import dev.wxphone.topics.AuthorizedOperations;
import dev.wxphone.topics.RequiredAcls;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Checks whether the principal has the ACLs that it needs: those of {@code doctor}, and those of
 * {@code run} if it is the processor's, the only one that may write an output.
 */
final class RightsCheck {
  static final String CHECK = "rights";

  private RightsCheck() {}

  static List<Finding> of(
      AuthorizedOperations allowed, Settings settings, String bootstrapServers) {
    TopicNames topics = settings.topics();
    List<Finding> findings = new ArrayList<>();
    boolean ofProcessor =
        allowed.allows(topics.userProfile(), AclOperation.WRITE)
            || allowed.allows(topics.deadLetter(), AclOperation.WRITE);
    if (ofProcessor) {
      for (Acl acl : allowed.missing(RequiredAcls.ofRun(settings, false))) {
        findings.add(
            new Wrong(
                CHECK,
                "the principal of wxphone run lacks " + acl.text(),
                Acl.commands(List.of(acl), bootstrapServers).get(0)));
      }
    }
    for (Acl acl : allowed.missing(RequiredAcls.ofDoctor(settings))) {
      findings.add(
          new Unchecked(
              CHECK,
              "to see all, this principal lacks " + acl.text(),
              Acl.commands(List.of(acl), bootstrapServers).get(0)));
    }
    return findings.isEmpty()
        ? List.of(new Fine(CHECK, "no ACL is known to be missing"))
        : findings;
  }
}
