package dev.wxphone.topology;

import dev.wxphone.domain.UserState;
import dev.wxphone.domain.Verdict;
import dev.wxphone.proof.PhoneProof;
import dev.wxphone.proof.ProofRules;
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
record Surroundings(
    Supplier<Prover> provers,
    Function<String, KeyValueBytesStoreSupplier> stores,
    UnaryOperator<String> copiesOf) {

  /** {@link PhoneProof#prove}. */
  @FunctionalInterface
  interface Prover {
    Verdict prove(byte @Nullable [] value, String openid, UserState user, long clickTime);
  }

  /** Those of every day. */
  static Surroundings of(Settings settings) {
    ProofRules rules = new ProofRules(settings.appids(), settings.watermarkMaxAge());
    return new Surroundings(
        () -> new PhoneProof(rules)::prove,
        Stores::persistentKeyValueStore,
        UnaryOperator.identity());
  }
}
