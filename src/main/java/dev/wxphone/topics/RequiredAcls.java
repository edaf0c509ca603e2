package dev.wxphone.topics;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.PatternType.LITERAL;
import static org.apache.kafka.common.resource.PatternType.PREFIXED;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;

import dev.wxphone.core.domain.TopicNames;
import dev.wxphone.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/** The ACLs that {@code run} and {@code doctor} need; the table in operate.md lists the same. */
public final class RequiredAcls {
  private RequiredAcls() {}

  /**
   * Returns those of {@code run}.
   *
   * @param reads whether outputs are read, which only the start of a group without offsets does
   */
  public static List<Acl> ofRun(Settings settings, boolean reads) {
    TopicNames topics = settings.topics();
    String prefix = settings.applicationId() + "-";
    List<Acl> acls = new ArrayList<>();
    add(acls, TOPIC, LITERAL, topics.phonePayload(), READ, DESCRIBE_CONFIGS);
    add(acls, TOPIC, LITERAL, topics.sessionKey(), READ, DESCRIBE_CONFIGS, WRITE);
    if (settings.answerRules().reroute()) {
      add(acls, TOPIC, LITERAL, topics.phonePayload(), WRITE);
    }
    for (String output : List.of(topics.userProfile(), topics.deadLetter())) {
      if (reads) {
        add(acls, TOPIC, LITERAL, output, READ);
      }
      add(acls, TOPIC, LITERAL, output, WRITE, DESCRIBE_CONFIGS);
    }
    add(acls, TOPIC, PREFIXED, prefix, CREATE, READ, WRITE, DESCRIBE_CONFIGS);
    add(acls, GROUP, LITERAL, settings.applicationId(), READ);
    add(acls, TRANSACTIONAL_ID, PREFIXED, prefix, WRITE, DESCRIBE);
    return acls;
  }

  /** Returns those of {@code doctor}. */
  public static List<Acl> ofDoctor(Settings settings) {
    TopicNames topics = settings.topics();
    List<Acl> acls = new ArrayList<>();
    for (String topic : topics.byDefaultName().values()) {
      add(acls, TOPIC, LITERAL, topic, READ, DESCRIBE_CONFIGS);
    }
    String prefix = settings.applicationId() + "-";
    add(acls, TOPIC, PREFIXED, prefix, DESCRIBE, DESCRIBE_CONFIGS);
    add(acls, TOPIC, LITERAL, topics.deadLetterAudit(), WRITE);
    add(acls, GROUP, LITERAL, settings.applicationId(), DESCRIBE);
    add(acls, TRANSACTIONAL_ID, LITERAL, prefix + "doctor", WRITE, DESCRIBE);
    return acls;
  }

  private static void add(
      List<Acl> acls,
      ResourceType type,
      PatternType pattern,
      String name,
      AclOperation... operations) {
    for (AclOperation operation : operations) {
      acls.add(new Acl(type, pattern, name, operation));
    }
  }
}
