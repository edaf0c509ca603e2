package dev.wxphone.stream.topology;

import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.core.proof.ProofRules;
import dev.wxphone.settings.Settings;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/**
 * What the stream leans on, and a test may exchange.
 *
 * @param provers one prover for each task
 * @param stores the store of a name
 * @param copiesOf the topic to which copies of a misplaced record of a topic go: the same
 */
record TopologyDependencies(
    Supplier<Prover> provers,
    Function<String, KeyValueBytesStoreSupplier> stores,
    UnaryOperator<String> copiesOf) {

  /** {@link PhoneProof#prove}. */
  @FunctionalInterface
  interface Prover {
    Verdict prove(byte @Nullable [] value, String openid, UserState user, long clickTime);
  }

  /** Those of every day. */
  static TopologyDependencies of(Settings settings) {
    ProofRules rules = new ProofRules(settings.appids(), settings.watermarkMaxAge());
    return new TopologyDependencies(
        () -> new PhoneProof(rules)::prove,
        Stores::persistentKeyValueStore,
        UnaryOperator.identity());
  }
}
