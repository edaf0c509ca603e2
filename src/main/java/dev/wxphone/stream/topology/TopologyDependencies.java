package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.core.proof.ProofRules;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What the topology depends on and a test may replace.
 *
 * @param provers supplies a prover for each task
 * @param stores supplies the store of a name
 * @param copiesOf the topic to which copies of a topic's misplaced records go: the same one
 */
record TopologyDependencies(
    Supplier<Prover> provers,
    Function<String, KeyValueBytesStoreSupplier> stores,
    UnaryOperator<String> copiesOf) {

  /** {@link PhoneProof#prove}. */
  @FunctionalInterface
  interface Prover {
    Verdict prove(byte @Nullable [] value, String openid, UserState user, ClickTime clickTime);
  }

  /** Returns the dependencies of the running stream. */
  static TopologyDependencies of(AnswerRules rules) {
    ProofRules proofRules = new ProofRules(rules.appids(), rules.watermarkMaxAge());
    return new TopologyDependencies(
        () -> new PhoneProof(proofRules)::prove,
        Stores::persistentKeyValueStore,
        UnaryOperator.identity());
  }
}
