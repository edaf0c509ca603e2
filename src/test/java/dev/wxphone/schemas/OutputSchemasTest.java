package dev.wxphone.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import dev.wxphone.core.codec.ProfileWriter;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Login;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.proof.Clicks;
import dev.wxphone.core.proof.PhoneProof;
import dev.wxphone.core.proof.Plaintexts;
import dev.wxphone.core.proof.ProofRules;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What wxphone writes is valid, and what it never writes is not. */
class OutputSchemasTest {
  private static final Schemas PROFILE = Schemas.of("user-profile");
  private static final Schemas AUDIT = Schemas.of("dead-letter-audit");
  private static final int PROFILES = 3_000;

  private static final List<UnaryOperator<String>> SUFFERED =
      List.of(
          text -> text.replace("+", "%2B").replace("=", "%3D"),
          text -> text.replace('+', ' '),
          text -> text.replace("/", "\\/"),
          text -> text.replace('+', '-').replace('/', '_'),
          text -> text.substring(0, 8) + "\r\n" + text.substring(8),
          text -> text.replace("=", ""));

  @Test
  void every_profile_that_is_proven_and_written_is_valid() {
    Random random = new Random(1);
    Set<String> types = new TreeSet<>();
    Set<String> repairs = new TreeSet<>();
    int written = 0;
    while (written < PROFILES) {
      byte[] value = profile(random);
      if (value != null) {
        written++;
        assertThat(PROFILE.errors(value)).as(new String(value, UTF_8)).isEmpty();
        JsonNode profile = Schemas.parsed(new String(value, UTF_8));
        types.add(profile.path("numberType").textValue());
        profile.path("repairs").forEach(repair -> repairs.add(repair.textValue()));
      }
    }
    assertThat(types).hasSizeGreaterThan(5).contains("MOBILE", "UNKNOWN");
    assertThat(repairs).hasSize(Repair.values().length);
  }

  @Test
  void the_kinds_that_are_named_are_those_there_are() {
    JsonNode fields = Schemas.node("user-profile").path("properties");
    assertThat(texts(fields.path("numberType").path("examples")))
        .containsExactlyInAnyOrder(
            Stream.of(PhoneNumberType.values()).map(Enum::name).toArray(String[]::new));
    assertThat(texts(fields.path("repairs").path("items").path("examples")))
        .containsExactly(Stream.of(Repair.values()).map(Repair::text).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "openid, 1, false",
    "openid, '\"\"', false",
    "unionid, '\"\"', false",
    "unionid, , true",
    "appid, , false",
    "phoneNumber, '\"+86 135-8000-6666\"', true",
    "phoneNumber, '\"135x\"', false",
    "phoneNumber, 13580006666, false",
    "purePhoneNumber, '\"+8613580006666\"', false",
    "purePhoneNumber, '\"123\"', false",
    "countryCode, 86, false",
    "countryCode, '\"0\"', false",
    "countryCode, '\"+86\"', false",
    "e164, '\"8613580006666\"', false",
    "e164, '\"+8613580006666123\"', false",
    "region, '\"China\"', false",
    "region, , true",
    "numberType, '\"Mobile\"', false",
    "watermark, '{\"appid\":\"wx1\"}', false",
    "watermark, '{\"appid\":\"wx1\",\"timestamp\":\"1\"}', false",
    "watermark, '{\"appid\":\"wx1\",\"timestamp\":-1,\"x\":0}', true",
    "sessionKeyAge, -1, false",
    "sessionKeyAge, 0.5, false",
    "repairs, [], false",
    "repairs, '[\"url-safe\",\"url-safe\"]', false",
    "repairs, '[\"something-new\"]', true",
    "somethingNew, [{}], true",
  })
  void a_profile_is_held_to_its_shape(String field, @Nullable String json, boolean valid) {
    assertThat(PROFILE.errors(changed("user-profile", field, json)).isEmpty()).isEqualTo(valid);
  }

  @ParameterizedTest
  @CsvSource({
    "action, '\"forgotten\"', false",
    "action, , false",
    "at, '\"2026-01-31 08:15:30\"', false",
    "at, 1769847330, false",
    "by, , false",
    "run, '\"\"', false",
    "deadLetterTopicId, '\"dead-letter\"', false",
    "why, , true",
    "why, '\"asked twice\"', true",
    "why, 1, false",
    "somethingNew, 1, true",
  })
  void an_audit_record_is_held_to_its_shape(String field, @Nullable String json, boolean valid) {
    assertThat(AUDIT.errors(changed("dead-letter-audit", field, json)).isEmpty()).isEqualTo(valid);
  }

  /** Returns the schema's example with one field set, or removed if the value is null. */
  private static JsonNode changed(String topic, String field, @Nullable String json) {
    ObjectNode example = Schemas.node(topic).path("examples").path(0).deepCopy();
    if (json == null) {
      example.remove(field);
    } else {
      example.set(field, Schemas.parsed(json));
    }
    return example;
  }

  /** Returns the profile of a click with a random number; null if it is not a possible number. */
  private static byte @Nullable [] profile(Random random) {
    String country = Integer.toString(1 + random.nextInt(random.nextBoolean() ? 999 : 99));
    String national =
        random.nextInt(3) == 0 ? "13" + digits(random, 9) : digits(random, 4 + random.nextInt(11));
    if (random.nextInt(3) == 0) {
      country = "86";
    }
    String shown =
        switch (random.nextInt(5)) {
          case 0 -> "+" + country + national;
          case 1 -> "00" + country + " " + national;
          case 2 -> country + "-" + national;
          default -> national;
        };
    long seed = random.nextLong();
    Clicks click =
        Clicks.under(Clicks.key(seed))
            .plaintext(Plaintexts.phone(shown, national, country).appid(Clicks.APPID));
    if (random.nextBoolean()) {
      UnaryOperator<String> suffered = SUFFERED.get(random.nextInt(SUFFERED.size()));
      click.dataText(suffered).ivText(suffered);
    } else if (random.nextInt(4) == 0) {
      click.iv(Clicks.flip(random.nextInt(128)));
    }
    UserState user = UserState.UNKNOWN.loggedIn(new Login(Clicks.key(seed), null), 3);
    if (random.nextBoolean()) {
      user = user.loggedIn(new Login(Clicks.key(seed + 1), "u带\"" + seed), 3);
    }
    PhoneProof proof = new PhoneProof(new ProofRules(Set.of(), Duration.ofDays(3)));
    Verdict verdict =
        proof.prove(
            whole(random, click.json()).getBytes(UTF_8),
            Clicks.OPENID,
            user,
            new ClickTime(Clicks.RECORD_TIME, random.nextInt(4) == 0));
    return verdict instanceof Verdict.Proven proven ? ProfileWriter.write(proven.profile()) : null;
  }

  private static String whole(Random random, String json) {
    return switch (random.nextInt(8)) {
      case 0 -> "\uFEFF" + json;
      case 1 -> "\0\0\0\0\7" + json;
      case 2 -> Clicks.quoted(json);
      default -> json;
    };
  }

  private static String digits(Random random, int count) {
    StringBuilder digits = new StringBuilder();
    while (digits.length() < count) {
      digits.append(random.nextInt(10));
    }
    return digits.toString();
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::textValue)
        .map(Objects::requireNonNull)
        .toList();
  }
}
