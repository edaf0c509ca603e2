package dev.wxphone.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.util.Map;

/**
 * Kubernetes' and Strimzi's own models, as their Java libraries have them, against which an object
 * is read strictly: no field that the model lacks, no value of another type, and nothing lost on
 * the way. What the models don't say (required fields, patterns) is not checked.
 */
final class ManifestModels {
  private static final Map<String, Class<?>> MODELS =
      Map.of(
          "v1/ConfigMap", ConfigMap.class,
          "v1/Service", Service.class,
          "v1/ServiceAccount", ServiceAccount.class,
          "apps/v1/StatefulSet", StatefulSet.class,
          "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class,
          "networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class,
          "kafka.strimzi.io/v1/KafkaTopic", KafkaTopic.class,
          "kafka.strimzi.io/v1/KafkaUser", KafkaUser.class);

  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .annotationIntrospector(new NothingElse())
          .build();

  /** The models take what they don't know, too, unless they are kept from it. */
  private static final class NothingElse extends JacksonAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean hasAnySetter(Annotated annotated) {
      return false;
    }
  }

  private ManifestModels() {}

  /** Fails unless the object is what its kind's model says. */
  static void check(JsonNode object) {
    String kind = object.path("apiVersion").asText() + "/" + object.path("kind").asText();
    Class<?> model = MODELS.get(kind);
    assertThat(model).as("a model of %s", kind).isNotNull();
    try {
      JsonNode back = STRICT.valueToTree(STRICT.treeToValue(object, model));
      requireAll(kind, object, back);
    } catch (JsonProcessingException e) {
      throw new AssertionError(kind + ": " + e.getOriginalMessage(), e);
    }
  }

  private static void requireAll(String path, JsonNode given, JsonNode back) {
    if (given.isObject()) {
      given
          .properties()
          .forEach(
              field ->
                  requireAll(
                      path + "." + field.getKey(), field.getValue(), back.path(field.getKey())));
    } else if (given.isArray()) {
      assertThat(back.size()).as(path).isEqualTo(given.size());
      for (int i = 0; i < given.size(); i++) {
        requireAll(path + "[" + i + "]", given.path(i), back.path(i));
      }
    } else if (!path.endsWith(".patternType") || !back.isMissingNode()) {
      // The default of the pattern's type is left out; numbers may be of another width.
      assertThat(back.isValueNode()).as(path).isTrue();
      assertThat(back.asText()).as(path).isEqualTo(given.asText());
    }
  }
}
