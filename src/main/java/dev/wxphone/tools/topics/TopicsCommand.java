package dev.wxphone.tools.topics;

import dev.wxphone.cli.CommandGroup;
import dev.wxphone.cli.KafkaOptions;
import dev.wxphone.cli.Output;
import dev.wxphone.cli.Terminal;
import dev.wxphone.kafka.AdminCalls;
import dev.wxphone.kafka.KafkaProperties;
import dev.wxphone.settings.Settings;
import dev.wxphone.topics.DesiredTopic;
import dev.wxphone.topics.TopicAdmin;
import dev.wxphone.topics.TopicFilesOption;
import dev.wxphone.topics.TopicPlan;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Compares the cluster's topics with their files, and creates and alters them. */
@Command(
    name = "topics",
    mixinStandardHelpOptions = true,
    description = "Compares the cluster's topics with topics/, and makes them so.",
    synopsisSubcommandLabel = "plan|apply",
    subcommands = {TopicsCommand.Plan.class, TopicsCommand.Apply.class})
public final class TopicsCommand extends CommandGroup {
  /** What both take. */
  static final class TopicsOptions {
    @Mixin private final KafkaOptions kafka = new KafkaOptions();
    @Mixin private final Output output = new Output();
    @Mixin private final TopicFilesOption files = new TopicFilesOption();

    @Option(
        names = "--partitions",
        paramLabel = "N",
        description =
            "Partitions of phone-payload, of session-key and of every topic that is made, instead of"
                + " what the files say. Fixed once in use: the join finds a session key by its"
                + " payload's partition. Other topics that exist keep theirs.")
    private @Nullable Integer partitions;

    @Option(
        names = "--replicas",
        paramLabel = "N",
        description = "Replicas of topics that are made (default: the brokers' default).")
    private @Nullable Integer replicas;

    interface Action {
      TopicPlan run(TopicAdmin admin, List<DesiredTopic> desired);
    }

    TopicPlan run(Action action) {
      OptionalInt partitionCount = atLeastOne("--partitions", partitions);
      OptionalInt replicaCount = atLeastOne("--replicas", replicas);
      Settings settings = kafka.settings();
      List<DesiredTopic> desired =
          files.read(settings.topics().byDefaultName()).stream()
              .map(topic -> topic.overridden(partitionCount, replicaCount))
              .toList();
      KafkaProperties properties = new KafkaProperties(settings);
      try (Admin admin = Admin.create(properties.ofAdmin())) {
        return action.run(
            new TopicAdmin(admin, new AdminCalls(properties.bootstrapServers())), desired);
      }
    }

    void print(TopicPlan plan) {
      output.print(
          output.json() ? TopicReport.json(plan) : TopicReport.text(plan, Terminal.wrap()));
    }

    private OptionalInt atLeastOne(String option, @Nullable Integer value) {
      if (value != null && (value < 1 || value > 10_000)) {
        throw new ParameterException(
            output.commandLine(), option + " takes a number from 1 to 10000");
      }
      return value == null ? OptionalInt.empty() : OptionalInt.of(value);
    }
  }

  /** Prints the changes that {@code apply} would make. */
  @Command(
      name = "plan",
      mixinStandardHelpOptions = true,
      description = "Says what apply would change; exits 1 where something is refused.")
  static final class Plan implements Callable<Integer> {
    @Mixin private final TopicsOptions options = new TopicsOptions();

    @Override
    public Integer call() {
      TopicPlan plan = options.run(TopicAdmin::plan);
      options.print(plan);
      return plan.refusals().isEmpty() ? 0 : 1;
    }
  }

  /** Makes the changes and prints them. */
  @Command(
      name = "apply",
      mixinStandardHelpOptions = true,
      description = "Makes missing topics and sets what differs; run again, it finds nothing.")
  static final class Apply implements Callable<Integer> {
    @Mixin private final TopicsOptions options = new TopicsOptions();

    @Override
    public Integer call() {
      options.print(options.run(TopicAdmin::apply));
      return 0;
    }
  }
}
