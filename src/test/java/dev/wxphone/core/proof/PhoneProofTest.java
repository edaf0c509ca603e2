package dev.wxphone.core.proof;

import static dev.wxphone.core.domain.Reason.APPID_MISMATCH;
import static dev.wxphone.core.domain.Reason.CODE_ONLY;
import static dev.wxphone.core.domain.Reason.INVALID_OPENID;
import static dev.wxphone.core.domain.Reason.INVALID_PHONE_NUMBER;
import static dev.wxphone.core.domain.Reason.IV_MISMATCH;
import static dev.wxphone.core.domain.Reason.MALFORMED_CIPHERTEXT;
import static dev.wxphone.core.domain.Reason.MALFORMED_PAYLOAD;
import static dev.wxphone.core.domain.Reason.MALFORMED_PLAINTEXT;
import static dev.wxphone.core.domain.Reason.MALFORMED_SESSION_KEY;
import static dev.wxphone.core.domain.Reason.PHONE_NOT_BOUND;
import static dev.wxphone.core.domain.Reason.PROCESSING_FAILED;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_MISSING;
import static dev.wxphone.core.domain.Reason.SESSION_KEY_STALE;
import static dev.wxphone.core.domain.Reason.SUPERSEDED;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WATERMARK_EXPIRED;
import static dev.wxphone.core.domain.Reason.WECHAT_REFUSED;
import static dev.wxphone.core.domain.Reason.WRONG_PARTITION;
import static dev.wxphone.core.domain.Repair.BYTE_ORDER_MARK;
import static dev.wxphone.core.domain.Repair.ENCODED_TWICE;
import static dev.wxphone.core.domain.Repair.ESCAPED_SLASHES;
import static dev.wxphone.core.domain.Repair.IV_IGNORED;
import static dev.wxphone.core.domain.Repair.LINE_BREAKS;
import static dev.wxphone.core.domain.Repair.MISSING_PADDING;
import static dev.wxphone.core.domain.Repair.PERCENT_ENCODED;
import static dev.wxphone.core.domain.Repair.SCHEMA_REGISTRY_PREFIX;
import static dev.wxphone.core.domain.Repair.SPACE_FOR_PLUS;
import static dev.wxphone.core.domain.Repair.TIMESTAMP_IN_SECONDS;
import static dev.wxphone.core.domain.Repair.URL_SAFE;
import static dev.wxphone.core.proof.Clicks.APPID;
import static dev.wxphone.core.proof.Clicks.OPENID;
import static dev.wxphone.core.proof.Clicks.RECORD_TIME;
import static dev.wxphone.core.proof.Clicks.SECONDS;
import static dev.wxphone.core.proof.Clicks.flip;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Profile;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.Repair;
import dev.wxphone.core.domain.SessionKey;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.domain.Verdict;
import dev.wxphone.core.domain.Watermark;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of cases: what comes in, what is known of the openid, and what it amounts to. */
class PhoneProofTest {
  private static final SessionKey NEWEST = Clicks.key(1);
  private static final SessionKey BEFORE = Clicks.key(2);
  private static final SessionKey OLDEST = Clicks.key(3);
  private static final SessionKey LOST = Clicks.key(4);

  private static final Duration MAX_AGE = Duration.ofDays(3);
  private static final ProofRules APP_OF_KEY = new ProofRules(Set.of(), MAX_AGE);

  private static final Plaintexts OTHER_FIRST_FIELD = Plaintexts.phone().first("purePhoneNumber");

  private static final String USER_INFO =
      """
      {"openId":"oGZUI0egBJY1zhBYw2KhdUfwVJJE","nickName":"带 Band","gender":1,"city":"Guangzhou",\
      "watermark":{"timestamp":1477314187,"appid":"wx4f4bc4dec97d474b"}}""";

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void every_payload_amounts_to_what_the_table_says(Case row) {
    row.check();
  }

  static Stream<Case> table() {
    return Stream.of(
            keys(),
            payloads(),
            ciphertexts(),
            repairs(),
            ivs(),
            plaintexts(),
            appids(),
            watermarks(),
            numbers(),
            order())
        .flatMap(List::stream);
  }

  private static List<Case> keys() {
    return List.of(
        given("a click under the newest key")
            .click(Clicks.under(NEWEST))
            .keys(NEWEST, BEFORE, OLDEST)
            .isProfile(),
        given("key ahead: the key before the newest")
            .keys(NEWEST, BEFORE, OLDEST)
            .click(Clicks.under(BEFORE))
            .isProfileOfAge(1),
        given("key ahead: the oldest key")
            .keys(NEWEST, BEFORE, OLDEST)
            .click(Clicks.under(OLDEST))
            .isProfileOfAge(2),
        given("no key at all").keys().click(Clicks.under(LOST)).awaits(SESSION_KEY_MISSING, 0),
        given("key behind: only an older key is known")
            .keys(BEFORE)
            .click(Clicks.under(NEWEST))
            .awaits(SESSION_KEY_STALE, 1),
        given("key lost: none of three keys")
            .keys(NEWEST, BEFORE, OLDEST)
            .click(Clicks.under(LOST))
            .awaits(SESSION_KEY_STALE, 3),
        given("an older key whose proof gets furthest gives the reason")
            .keys(NEWEST, BEFORE)
            .click(Clicks.under(BEFORE).plaintext(Plaintexts.phone("1", "1", "86")))
            .isRefused(INVALID_PHONE_NUMBER, 2),
        given("an older key with a wrong iv gets further than a newer one that is stale")
            .keys(NEWEST, BEFORE)
            .click(Clicks.under(BEFORE).plaintext(OTHER_FIRST_FIELD).iv(PhoneProofTest::wrong))
            .isRefused(IV_MISMATCH, 2),
        given("a tie is the newest key's")
            .rules(new ProofRules(Set.of(APPID), MAX_AGE))
            .keys(Clicks.key(1, "wxother"), Clicks.key(1, null))
            .click(Clicks.under(NEWEST).appid("wxpayload"))
            .says("another app than the session key's")
            .isRefused(APPID_MISMATCH, 2),
        given("an unionid that is known is in the profile")
            .user(new UserState(List.of(NEWEST), "u1", UserState.NEVER, UserState.NEVER))
            .click(Clicks.under(NEWEST))
            .isProfile());
  }

  private static List<Case> payloads() {
    String right = Clicks.under(NEWEST).json();
    String open = right.substring(0, right.length() - 1);
    return List.of(
        given("a null value").raw((byte[]) null).isRefused(MALFORMED_PAYLOAD, 0),
        given("no bytes").raw("").isRefused(MALFORMED_PAYLOAD, 0),
        given("only white space").raw(" \n").isRefused(MALFORMED_PAYLOAD, 0),
        given("the JSON null").raw("null").isRefused(MALFORMED_PAYLOAD, 0),
        given("a JSON array").raw("[" + right + "]").isRefused(MALFORMED_PAYLOAD, 0),
        given("a JSON text that holds the object")
            .raw(" " + Clicks.quoted(right) + "\n")
            .isProfile(ENCODED_TWICE),
        given("a JSON text that holds no object")
            .raw(Clicks.quoted("[" + right + "]"))
            .says("it is JSON but not an object")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a JSON text in a JSON text")
            .raw(Clicks.quoted(Clicks.quoted(right)))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a JSON text with more behind it")
            .raw(Clicks.quoted(right) + "{}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a schema registry's prefix")
            .raw(joined("\0\0\0\1", new byte[] {-2}, right))
            .isProfile(SCHEMA_REGISTRY_PREFIX),
        given("a schema registry's prefix before no JSON")
            .raw("\0\0\0\0\7\b\20oabc")
            .says("Avro, Protobuf")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("all repairs of the value at once")
            .raw("\0\0\0\0\7\uFEFF" + Clicks.quoted(right))
            .isProfile(BYTE_ORDER_MARK, SCHEMA_REGISTRY_PREFIX, ENCODED_TWICE),
        given("a whole event in place of its detail")
            .raw("{\"type\":\"getphonenumber\",\"detail\":" + right + "}")
            .says("field detail")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("an empty object").raw("{}").isRefused(MALFORMED_PAYLOAD, 0),
        given("no JSON").raw("encryptedData=abc&iv=def").isRefused(MALFORMED_PAYLOAD, 0),
        given("an object that is cut off")
            .raw(open)
            .says("breaks off")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a trailing brace").raw(right + "}").isRefused(MALFORMED_PAYLOAD, 0),
        given("a second object").raw(right + right).isRefused(MALFORMED_PAYLOAD, 0),
        given("a trailing zero byte").raw(right + "\0").isRefused(MALFORMED_PAYLOAD, 0),
        given("a trailing comma").raw(open + ",}").isRefused(MALFORMED_PAYLOAD, 0),
        given("a comment").raw(open + "/**/}").isRefused(MALFORMED_PAYLOAD, 0),
        given("white space around the object").raw("\r\n " + right + "\t\n").isProfile(),
        given("a duplicate field that we read")
            .raw(open + ",\"iv\":\"r7BXXKkLb8qrSNn05n0qiA==\"}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a duplicate field that we don't read")
            .raw(open + ",\"x\":1,\"x\":1}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a duplicate field that is written in escapes")
            .raw(open + ",\"\\u0069v\":\"\"}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a duplicate field further down")
            .raw(open + ",\"x\":[{\"y\":1,\"y\":2}]}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("unknown fields of every kind")
            .raw(open + ",\"code\":\"c\",\"x\":[1,{\"iv\":2}],\"y\":null,\"z\":1e999999999}")
            .isProfile(),
        given("an unknown number of 2,000 digits")
            .raw(open + ",\"x\":" + "9".repeat(2_000) + "}")
            .isProfile(),
        given("an unknown field with a name of 60,000 characters")
            .raw(open + ",\"" + "n".repeat(60_000) + "\":1}")
            .isProfile(),
        given("16 levels of nesting").raw(open + ",\"x\":" + nested(15) + "}").isProfile(),
        given("17 levels of nesting")
            .raw(open + ",\"x\":" + nested(16) + "}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("30,000 levels of nesting")
            .raw(open + ",\"x\":" + nested(30_000) + "}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("exactly 64 KiB").raw(right + " ".repeat(65_536 - right.length())).isProfile(),
        given("64 KiB and one byte")
            .raw(right + " ".repeat(65_537 - right.length()))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a byte order mark").raw("\uFEFF" + right).isProfile(BYTE_ORDER_MARK),
        given("UTF-16 with a byte order mark")
            .raw(right.getBytes(UTF_16))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("UTF-16, big-endian").raw(right.getBytes(UTF_16BE)).isRefused(MALFORMED_PAYLOAD, 0),
        given("UTF-16, little-endian")
            .raw(right.getBytes(UTF_16LE))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("an overlong form of UTF-8")
            .raw(joined(open + ",\"x\":\"", new byte[] {(byte) 0xC0, (byte) 0xAF}, "\"}"))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a surrogate in UTF-8")
            .raw(
                joined(
                    open + ",\"x\":\"", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, "\"}"))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a replacement character that was really sent")
            .raw(open + ",\"x\":\"\uFFFD\"}")
            .isProfile(),
        given("half a surrogate pair in an escape, where we read")
            .raw(open + ",\"appid\":\"\\ud800\"}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("no encryptedData").raw("{\"iv\":\"\"}").isRefused(MALFORMED_PAYLOAD, 0),
        given("no iv, and an empty ciphertext")
            .raw("{\"encryptedData\":\"\"}")
            .isRefused(MALFORMED_CIPHERTEXT, 0),
        given("a code and no ciphertext")
            .raw("{\"errMsg\":\"getPhoneNumber:ok\",\"code\":\"c\"}")
            .isRefused(CODE_ONLY, 0),
        given("a code and an empty ciphertext")
            .raw("{\"errMsg\":\"x\",\"code\":\"c\",\"encryptedData\":\"\",\"iv\":\"\"}")
            .isRefused(CODE_ONLY, 0),
        given("a code that is no text").raw("{\"code\":5}").isRefused(MALFORMED_PAYLOAD, 0),
        given("a user without a phone number")
            .raw("{\"errMsg\":\"getPhoneNumber:fail 用户未绑定手机，请先在微信客户端进行绑定后重试\"}")
            .isRefused(PHONE_NOT_BOUND, 0),
        given("an errno with a ciphertext")
            .click(Clicks.under(NEWEST).field("errno", "104"))
            .isRefused(USER_DENIED, 0),
        given("an errno of 0 with a ciphertext")
            .click(Clicks.under(NEWEST).field("errno", "0"))
            .isProfile(),
        given("encryptedData that is null")
            .click(Clicks.under(NEWEST).field("encryptedData", "null"))
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("an iv that is an array of bytes")
            .click(Clicks.under(NEWEST).field("iv", "[1,2]"))
            .isProfile(IV_IGNORED),
        given("an iv that is null")
            .click(Clicks.under(NEWEST).field("iv", "null"))
            .isProfile(IV_IGNORED),
        given("an iv that is a number")
            .click(Clicks.under(NEWEST).field("iv", "5"))
            .isProfile(IV_IGNORED),
        given("no iv, and a ciphertext")
            .raw("{\"encryptedData\":\"" + Clicks.under(NEWEST).encryptedData() + "\"}")
            .isProfile(IV_IGNORED),
        given("no iv, and a stale key")
            .keys(BEFORE)
            .raw("{\"encryptedData\":\"" + Clicks.under(LOST).encryptedData() + "\"}")
            .awaits(MALFORMED_CIPHERTEXT, 1),
        given("solidus in escapes, as PHP writes it").raw(right.replace("/", "\\/")).isProfile(),
        given("no errMsg").click(Clicks.under(NEWEST).without("errMsg")).isProfile(),
        given("an errMsg that is no text")
            .click(Clicks.under(NEWEST).field("errMsg", "5"))
            .isProfile(),
        given("a refusal by the user, with nothing else")
            .raw("{\"errMsg\":\"getPhoneNumber:fail user deny\"}")
            .isRefused(USER_DENIED, 0),
        given("a refusal by the user, with encryptedData")
            .click(Clicks.under(NEWEST).errMsg("getPhoneNumber:fail user deny"))
            .isRefused(USER_DENIED, 0),
        given("a refusal by the user in a value that is no strict JSON")
            .raw("{\"errMsg\":\"getPhoneNumber:fail user deny\",\"errMsg\":\"\"}")
            .isRefused(MALFORMED_PAYLOAD, 0),
        given("a refusal by WeChat, with nothing else")
            .raw("{\"errMsg\":\"getPhoneNumber:fail no permission\"}")
            .isRefused(WECHAT_REFUSED, 0),
        given("a refusal by WeChat, with encryptedData")
            .click(Clicks.under(NEWEST).errMsg("getPhoneNumber:fail no permission"))
            .isRefused(WECHAT_REFUSED, 0),
        given("an errMsg of success, with nothing else")
            .raw("{\"errMsg\":\"getPhoneNumber:ok\"}")
            .isRefused(MALFORMED_PAYLOAD, 0));
  }

  private static List<Case> ciphertexts() {
    return List.of(
        given("encryptedData that is no base64")
            .click(Clicks.under(NEWEST).dataText(t -> "*" + t.substring(1)))
            .isRefused(MALFORMED_CIPHERTEXT, 0),
        given("an iv that is no base64")
            .click(Clicks.under(NEWEST).ivText(t -> "*" + t.substring(1)))
            .isProfile(IV_IGNORED),
        given("an iv that is undefined")
            .click(Clicks.under(NEWEST).ivText(t -> "undefined"))
            .isProfile(IV_IGNORED),
        given("an iv that is a character short")
            .click(Clicks.under(NEWEST).ivText(t -> t.substring(1)))
            .isProfile(IV_IGNORED),
        given("an iv that is no base64, without a key")
            .keys()
            .click(Clicks.under(NEWEST).ivText(t -> "*" + t.substring(1)))
            .awaits(MALFORMED_CIPHERTEXT, 0),
        given("an iv of bytes in decimal")
            .click(Clicks.under(NEWEST).ivText(t -> "251,251,251"))
            .isProfile(IV_IGNORED),
        given("empty encryptedData")
            .click(Clicks.under(NEWEST).dataText(t -> ""))
            .isRefused(MALFORMED_CIPHERTEXT, 0),
        given("a ciphertext that misses a byte")
            .click(Clicks.under(NEWEST).ciphertext(c -> Arrays.copyOf(c, c.length - 1)))
            .isRefused(MALFORMED_CIPHERTEXT, 0),
        given("a ciphertext with a byte too many")
            .click(Clicks.under(NEWEST).ciphertext(c -> Arrays.copyOf(c, c.length + 1)))
            .isRefused(MALFORMED_CIPHERTEXT, 0),
        given("a ciphertext of no whole blocks, with no key to wait for")
            .keys()
            .click(Clicks.under(NEWEST).ciphertext(c -> Arrays.copyOf(c, 15)))
            .isRefused(MALFORMED_CIPHERTEXT, 0),
        given("a ciphertext that misses its last block")
            .click(Clicks.under(NEWEST).ciphertext(c -> Arrays.copyOf(c, c.length - 16)))
            .awaits(SESSION_KEY_STALE, 1),
        given("padding of zeros").click(paddedWith(0)).awaits(SESSION_KEY_STALE, 1),
        given("padding that counts a byte too many")
            .click(paddedWith(4))
            .awaits(SESSION_KEY_STALE, 1),
        given("padding as PKCS#7 has it").click(paddedWith(3)).isProfile());
  }

  private static List<Case> repairs() {
    return List.of(
        given("both percent-encoded")
            .click(
                Clicks.under(NEWEST)
                    .dataText(PhoneProofTest::percent)
                    .ivText(PhoneProofTest::percent))
            .isProfile(PERCENT_ENCODED),
        given("a space for every plus")
            .click(Clicks.under(NEWEST).ivText(t -> t.replace('+', ' ')))
            .isProfile(SPACE_FOR_PLUS),
        given("the URL-safe alphabet")
            .click(Clicks.under(NEWEST).ivText(t -> t.replace('+', '-').replace('/', '_')))
            .isProfile(URL_SAFE),
        given("line breaks as MIME has them")
            .click(Clicks.under(NEWEST).dataText(t -> t.replaceAll("(.{76})", "$1\r\n")))
            .isProfile(LINE_BREAKS),
        given("no padding")
            .click(Clicks.under(NEWEST).ivText(t -> t.replace("=", "")))
            .isProfile(MISSING_PADDING),
        given("half of the padding")
            .click(Clicks.under(NEWEST).ivText(t -> t.substring(0, t.length() - 1)))
            .isProfile(MISSING_PADDING),
        given("all repairs of text at once, each in its field")
            .click(
                Clicks.under(NEWEST)
                    .dataText(t -> t.substring(0, 4) + "%0A" + t.substring(4))
                    .ivText(
                        t ->
                            t.replaceFirst("\\+", " ")
                                .replace('+', '-')
                                .replace('/', '_')
                                .replace("=", "")))
            .isProfile(LINE_BREAKS, PERCENT_ENCODED, SPACE_FOR_PLUS, URL_SAFE, MISSING_PADDING),
        given("slashes escaped twice")
            .click(Clicks.under(NEWEST).dataText(t -> t.replace("/", "\\/")))
            .isProfile(ESCAPED_SLASHES),
        given("blanks around and within")
            .click(
                Clicks.under(NEWEST)
                    .dataText(t -> " " + t.replaceAll("(.{76})", "$1 ") + " ")
                    .ivText(t -> t + " "))
            .isProfile(LINE_BREAKS),
        given("a record time in seconds")
            .time(ClickTime.of(RECORD_TIME / 1000, RECORD_TIME))
            .isProfile(TIMESTAMP_IN_SECONDS),
        given("a repaired text may wait for its key")
            .keys()
            .click(Clicks.under(NEWEST).ivText(t -> t.replace('+', ' ')))
            .awaits(SESSION_KEY_MISSING, 0),
        given("a repaired text and an iv that is ignored")
            .click(Clicks.under(NEWEST).iv(PhoneProofTest::wrong).dataText(PhoneProofTest::percent))
            .isProfile(PERCENT_ENCODED, IV_IGNORED),
        given("an iv percent-encoded twice")
            .click(Clicks.under(NEWEST).ivText(t -> percent(percent(t))))
            .isProfile(IV_IGNORED));
  }

  private static List<Case> ivs() {
    List<Case> rows = new ArrayList<>();
    for (int bit = 0; bit < 128; bit++) {
      rows.add(
          given("an iv with bit " + bit + " flipped")
              .click(Clicks.under(NEWEST).iv(flip(bit)))
              .isProfile(IV_IGNORED));
    }
    rows.addAll(
        List.of(
            given("a wrong iv")
                .click(Clicks.under(NEWEST).iv(PhoneProofTest::wrong))
                .isProfile(IV_IGNORED),
            given("a wrong iv under an older key")
                .keys(NEWEST, BEFORE, OLDEST)
                .click(Clicks.under(BEFORE).iv(PhoneProofTest::wrong))
                .isProfileOfAge(1, IV_IGNORED),
            given("a wrong iv and no key")
                .keys()
                .click(Clicks.under(NEWEST).iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_MISSING, 0),
            given("a wrong iv and a stale key")
                .keys(BEFORE)
                .click(Clicks.under(NEWEST).iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_STALE, 1),
            given("a short iv with the right key")
                .click(Clicks.under(NEWEST).iv(iv -> Arrays.copyOf(iv, 12)))
                .isProfile(IV_IGNORED),
            given("a long iv with the right key")
                .click(Clicks.under(NEWEST).iv(iv -> Arrays.copyOf(iv, 17)))
                .isProfile(IV_IGNORED),
            given("an empty iv with the right key")
                .click(Clicks.under(NEWEST).ivText(t -> ""))
                .isProfile(IV_IGNORED),
            given("a short iv with the right key, an older one")
                .keys(NEWEST, BEFORE)
                .click(Clicks.under(BEFORE).iv(iv -> Arrays.copyOf(iv, 15)))
                .isProfileOfAge(1, IV_IGNORED),
            given("a short iv without a key")
                .keys()
                .click(Clicks.under(NEWEST).iv(iv -> Arrays.copyOf(iv, 15)))
                .awaits(MALFORMED_CIPHERTEXT, 0),
            given("a short iv with stale keys")
                .keys(BEFORE, OLDEST)
                .click(Clicks.under(NEWEST).iv(iv -> Arrays.copyOf(iv, 15)))
                .awaits(MALFORMED_CIPHERTEXT, 2),
            given("a short iv with the right key, and another first field")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(OTHER_FIRST_FIELD)
                        .iv(iv -> Arrays.copyOf(iv, 15)))
                .isRefused(MALFORMED_CIPHERTEXT, 1),
            given("a short iv with the right key, and an expired watermark")
                .click(Clicks.under(NEWEST).iv(iv -> Arrays.copyOf(iv, 15)))
                .time(SECONDS * 1000 + MAX_AGE.toMillis() + 1)
                .isRefused(MALFORMED_CIPHERTEXT, 1),
            given("a wrong iv with the pure number first")
                .click(Clicks.under(NEWEST).plaintext(OTHER_FIRST_FIELD).iv(PhoneProofTest::wrong))
                .isRefused(IV_MISMATCH, 1),
            given("a wrong iv with the country code first, whose name is as long")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(Plaintexts.phone().first("countryCode"))
                        .iv(PhoneProofTest::wrong))
                .isRefused(IV_MISMATCH, 1),
            given("a wrong iv with the watermark first")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(
                            Plaintexts.phone()
                                .field(
                                    "watermark",
                                    "{\"timestamp\":1477314187,\"appid\":\"" + APPID + "\"}")
                                .first("watermark"))
                        .iv(PhoneProofTest::wrong))
                .isRefused(IV_MISMATCH, 1),
            given("a wrong iv with the watermark first, and in it the appid")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(
                            Plaintexts.phone()
                                .field(
                                    "watermark",
                                    "{\"appid\":\"" + APPID + "\",\"timestamp\":1477314187}")
                                .first("watermark"))
                        .iv(PhoneProofTest::wrong))
                .isRefused(IV_MISMATCH, 1),
            given("a wrong iv with the watermark of another app first")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(
                            Plaintexts.phone()
                                .field("watermark", "{\"timestamp\":1477314187,\"appid\":\"wx\"}")
                                .first("watermark"))
                        .iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_STALE, 1),
            given("a wrong iv of user info")
                .click(Clicks.under(NEWEST).plaintext(USER_INFO).iv(PhoneProofTest::wrong))
                .isRefused(IV_MISMATCH, 1),
            wrongIvOf("in a name", "{\"subscribe\":0,\"nickName\":\"带\","),
            wrongIvOf("before a name", "{\"gender\":12345,\"city\":\"\","),
            wrongIvOf("behind a name", "{\"subscriptions\":0,"),
            wrongIvOf("at a value", "{\"subscription\":0,"),
            wrongIvOf("at a value that is an object", "{\"subscription\":{},"),
            wrongIvOf("in a text", "{\"nickName\":\"a quite ordinary user\","),
            wrongIvOf("in a number", "{\"unionno\":12345678901234,"),
            wrongIvOf("behind a value", "{\"unionno\":12345,\"city\":\"\","),
            wrongIvOf("in a character of a text", "{\"nickName\":\"Ban带\","),
            given("a wrong iv, and the rest of an object without a watermark")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext("{\"nickName\":\"Ban带\",\"city\":\"Guangzhou\"}")
                        .iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_STALE, 1),
            given("a wrong iv and an expired watermark")
                .click(Clicks.under(NEWEST).iv(PhoneProofTest::wrong))
                .time(SECONDS * 1000 + MAX_AGE.toMillis() + 1)
                .isRefused(IV_MISMATCH, 1),
            given("a wrong iv and another app")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(Plaintexts.phone().appid("wxother"))
                        .iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_STALE, 1),
            given("a wrong iv and no possible number")
                .click(
                    Clicks.under(NEWEST)
                        .plaintext(Plaintexts.phone("1", "1", "86"))
                        .iv(PhoneProofTest::wrong))
                .isRefused(IV_MISMATCH, 1),
            given("a wrong iv of a single block tells nothing")
                .click(Clicks.under(NEWEST).plaintext("{}").iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_STALE, 1),
            given("a wrong iv of the first block alone tells nothing")
                .click(
                    Clicks.under(NEWEST).plaintext("{\"phoneNumber\":\"").iv(PhoneProofTest::wrong))
                .awaits(SESSION_KEY_STALE, 1),
            given("the first ciphertext block altered changes the number, which is seen")
                .click(Clicks.under(NEWEST).ciphertext(flip(15)))
                .isRefused(IV_MISMATCH, 1)));
    return rows;
  }

  private static List<Case> plaintexts() {
    String right = Plaintexts.phone().json();
    return List.of(
        given("user info").plaintext(USER_INFO).isRefused(MALFORMED_PLAINTEXT, 1),
        given("user info under an older key")
            .keys(NEWEST, BEFORE)
            .click(Clicks.under(BEFORE).plaintext(USER_INFO))
            .isRefused(MALFORMED_PLAINTEXT, 2),
        given("an empty object in the plaintext").plaintext("{}").awaits(SESSION_KEY_STALE, 1),
        given("a text that is no JSON").plaintext("13580006666").awaits(SESSION_KEY_STALE, 1),
        given("an array around it").plaintext("[" + right + "]").awaits(SESSION_KEY_STALE, 1),
        given("no phoneNumber")
            .plaintext(Plaintexts.phone().without("phoneNumber"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("no purePhoneNumber")
            .plaintext(Plaintexts.phone().without("purePhoneNumber"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("no countryCode")
            .plaintext(Plaintexts.phone().without("countryCode"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("no watermark")
            .plaintext(Plaintexts.phone().field("watermark", "null"))
            .awaits(SESSION_KEY_STALE, 1),
        given("a watermark without appid")
            .plaintext(Plaintexts.phone().without("appid"))
            .awaits(SESSION_KEY_STALE, 1),
        given("a watermark without timestamp")
            .plaintext(Plaintexts.phone().without("timestamp"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("a phoneNumber that is a number")
            .plaintext(Plaintexts.phone().field("phoneNumber", "13580006666"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("a timestamp with a fraction")
            .plaintext(Plaintexts.phone().watermark("timestamp", "1477314187.5"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("a timestamp beyond all measure")
            .plaintext(Plaintexts.phone().watermark("timestamp", "1e999999999"))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("a timestamp of 16 digits")
            .plaintext(Plaintexts.phone().timestamp(1_477_314_187_000_000L))
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("a duplicate number")
            .plaintext(right.replace("}}", "},\"phoneNumber\":\"13580006666\"}"))
            .isRefused(IV_MISMATCH, 1),
        given("a duplicate field of the watermark")
            .plaintext(right.replace("}}", ",\"timestamp\":1477314187}}"))
            .awaits(SESSION_KEY_STALE, 1),
        given("a trailing object").plaintext(right + "{}").awaits(SESSION_KEY_STALE, 1),
        given("a byte order mark in the plaintext")
            .plaintext("\uFEFF" + right)
            .isRefused(IV_MISMATCH, 1),
        given("16 levels of nesting in the plaintext")
            .plaintext(Plaintexts.phone().field("x", nested(15)))
            .isProfile(),
        given("17 levels of nesting in the plaintext")
            .plaintext(Plaintexts.phone().field("x", nested(16)))
            .awaits(SESSION_KEY_STALE, 1),
        given("UTF-16 proves no key")
            .click(Clicks.under(NEWEST).plaintext(right.getBytes(UTF_16LE)))
            .awaits(SESSION_KEY_STALE, 1),
        given("an overlong form of UTF-8 proves no key")
            .click(
                Clicks.under(NEWEST)
                    .plaintext(
                        joined(
                            right.replace("}}", "},\"x\":\""),
                            new byte[] {(byte) 0xC0, (byte) 0xAF},
                            "\"}")))
            .awaits(SESSION_KEY_STALE, 1),
        given("an empty plaintext").plaintext("").awaits(SESSION_KEY_STALE, 1),
        given("a countryCode that is a number")
            .plaintext(Plaintexts.phone().field("countryCode", "86"))
            .isProfile(),
        given("a timestamp that is text")
            .plaintext(Plaintexts.phone().watermark("timestamp", "\"1477314187\""))
            .isProfile(),
        given("another first field").plaintext(OTHER_FIRST_FIELD).isProfile(),
        given("unknown fields")
            .plaintext(Plaintexts.phone().field("x", "[{}]").watermark("y", "{\"appid\":1}"))
            .isProfile(),
        given("white space and line breaks")
            .plaintext("\n" + right.replace(",", " ,\r\n\t") + "\n")
            .isProfile());
  }

  private static List<Case> appids() {
    SessionKey noApp = Clicks.key(1, null);
    SessionKey otherApp = Clicks.key(1, "wxother");
    ProofRules ours = new ProofRules(Set.of(APPID, "wxsecond"), MAX_AGE);
    ProofRules notOurs = new ProofRules(Set.of("wxsecond"), MAX_AGE);
    return List.of(
        given("the session key of another app")
            .keys(otherApp)
            .click(Clicks.under(NEWEST))
            .awaits(SESSION_KEY_STALE, 1),
        given("the watermark of another app")
            .plaintext(Plaintexts.phone().appid("wxother"))
            .awaits(SESSION_KEY_STALE, 1),
        given("appids that differ in case")
            .plaintext(Plaintexts.phone().appid("WX4f4bc4dec97d474b"))
            .awaits(SESSION_KEY_STALE, 1),
        given("one of our apps").rules(ours).click(Clicks.under(NEWEST)).isProfile(),
        given("none of our apps")
            .rules(notOurs)
            .click(Clicks.under(NEWEST))
            .isRefused(APPID_MISMATCH, 1),
        given("one of our apps, but not the session key's")
            .rules(ours)
            .plaintext(Plaintexts.phone().appid("wxsecond"))
            .isRefused(APPID_MISMATCH, 1),
        given("a session key that names no app, and one of our apps")
            .rules(ours)
            .keys(noApp)
            .click(Clicks.under(NEWEST))
            .isProfile(),
        given("a session key that names no app, and none of our apps")
            .rules(notOurs)
            .keys(noApp)
            .click(Clicks.under(NEWEST))
            .awaits(SESSION_KEY_STALE, 1),
        given("nothing says which app is ours")
            .keys(noApp)
            .click(Clicks.under(NEWEST))
            .awaits(SESSION_KEY_STALE, 1),
        given("the payload names the app").click(Clicks.under(NEWEST).appid(APPID)).isProfile(),
        given("the payload names another app")
            .click(Clicks.under(NEWEST).appid("wxother"))
            .isRefused(APPID_MISMATCH, 1),
        given("the payload names an empty app").click(Clicks.under(NEWEST).appid("")).isProfile(),
        given("another app and an expired watermark: the app counts")
            .rules(ours)
            .plaintext(Plaintexts.phone().appid("wxsecond").timestamp(0))
            .isRefused(APPID_MISMATCH, 1));
  }

  private static List<Case> watermarks() {
    long made = SECONDS * 1000;
    return List.of(
        given("a watermark exactly as old as may be")
            .click(Clicks.under(NEWEST))
            .time(made + MAX_AGE.toMillis())
            .isProfile(),
        given("a watermark a millisecond too old")
            .click(Clicks.under(NEWEST))
            .time(made + MAX_AGE.toMillis() + 1)
            .says("wxphone.watermark.max-age")
            .isRefused(WATERMARK_EXPIRED, 1),
        given("a watermark exactly 5 minutes ahead")
            .click(Clicks.under(NEWEST))
            .time(made - 300_000)
            .isProfile(),
        given("a watermark 5 minutes and a millisecond ahead")
            .click(Clicks.under(NEWEST))
            .time(made - 300_001)
            .says("5 minutes")
            .isRefused(WATERMARK_EXPIRED, 1),
        given("another max-age, exactly")
            .rules(new ProofRules(Set.of(), Duration.ofMinutes(1)))
            .click(Clicks.under(NEWEST))
            .time(made + 60_000)
            .isProfile(),
        given("another max-age, and a millisecond")
            .rules(new ProofRules(Set.of(), Duration.ofMinutes(1)))
            .click(Clicks.under(NEWEST))
            .time(made + 60_001)
            .isRefused(WATERMARK_EXPIRED, 1),
        given("a timestamp in milliseconds")
            .plaintext(Plaintexts.phone().timestamp(SECONDS * 1000))
            .isRefused(WATERMARK_EXPIRED, 1),
        given("the furthest timestamp ahead")
            .plaintext(Plaintexts.phone().timestamp(999_999_999_999_999L))
            .isRefused(WATERMARK_EXPIRED, 1),
        given("the furthest timestamp back")
            .plaintext(Plaintexts.phone().timestamp(-999_999_999_999_999L))
            .isRefused(WATERMARK_EXPIRED, 1),
        given("an expired watermark and no possible number: the time counts")
            .plaintext(Plaintexts.phone("1", "1", "86").timestamp(0))
            .isRefused(WATERMARK_EXPIRED, 1));
  }

  private static List<Case> numbers() {
    return List.of(
        number("13580006666", "13580006666", "86").is("+8613580006666", "CN", "MOBILE"),
        number("+8613580006666", "13580006666", "86").is("+8613580006666", "CN", "MOBILE"),
        number("8613580006666", "13580006666", "86").is("+8613580006666", "CN", "MOBILE"),
        number("008613580006666", "13580006666", "86").is("+8613580006666", "CN", "MOBILE"),
        number("+86 135-8000-6666", "13580006666", "86").is("+8613580006666", "CN", "MOBILE"),
        number("+13580006666", "13580006666", "86").is("+8613580006666", "CN", "MOBILE"),
        number("+447400123456", "7400123456", "44").is("+447400123456", "GB", "MOBILE"),
        number("7400123456", "7400123456", "44").is("+447400123456", "GB", "MOBILE"),
        number("12015550123", "2015550123", "1").is("+12015550123", "US", "FIXED_LINE_OR_MOBILE"),
        number("85251234567", "51234567", "852").is("+85251234567", "HK", "MOBILE"),
        number("77010001234", "7010001234", "7").is("+77010001234", "KZ", "MOBILE"),
        number("+390236618300", "0236618300", "39").is("+390236618300", "IT", "FIXED_LINE"),
        // Not geographic, not known, and such that no country has.
        number("+80012345678", "12345678", "800").is("+80012345678", null, "TOLL_FREE"),
        number("+9991234567", "1234567", "999").is("+9991234567", null, "UNKNOWN"),
        number("2005550123", "2005550123", "1").is("+12005550123", null, "UNKNOWN"),
        number("1234", "1234", "999").is("+9991234", null, "UNKNOWN"),
        number("+9990000", "0000", "999").is("+9990000", null, "UNKNOWN"),
        // Without its leading 00 it is neither the national number nor more than that.
        number("0000", "0000", "999").isNoNumber(),
        number("123", "123", "86").isNoNumber(),
        number("12345678901234", "12345678901234", "9").is("+912345678901234", null, "UNKNOWN"),
        number("12345678901234", "12345678901234", "99").isNoNumber(),
        number("123456789012345", "123456789012345", "9").isNoNumber(),
        number("123456789012", "123456789012", "999").is("+999123456789012", null, "UNKNOWN"),
        number("1234567890123", "1234567890123", "999").isNoNumber(),
        number("13580006666", "13580006666", "").isNoNumber(),
        number("13580006666", "13580006666", "0").isNoNumber(),
        number("13580006666", "13580006666", "086").isNoNumber(),
        number("13580006666", "13580006666", "+86").isNoNumber(),
        number("13580006666", "13580006666", "8a").isNoNumber(),
        number("1358000", "1358000", "8686").isNoNumber(),
        number("13580006666", "13580006666", "86\n").isNoNumber(),
        number("", "", "86").isNoNumber(),
        number("", "13580006666", "86").isNoNumber(),
        number("13580006666", "", "86").isNoNumber(),
        number("13580006666", "1358000666a", "86").isNoNumber(),
        number("13580006666", "135 8000 6666", "86").isNoNumber(),
        number("13580006666", "+8613580006666", "86").isNoNumber(),
        number("13580006666", "13580006666\n", "86").isNoNumber(),
        number("１３５８０００６６６６", "１３５８０００６６６６", "86").isNoNumber(),
        number("13580006667", "13580006666", "86").isNoNumber(),
        number("135****6666", "13580006666", "86").isNoNumber(),
        number("8713580006666", "13580006666", "86").isNoNumber(),
        number("+008613580006666", "13580006666", "86").isNoNumber(),
        number("++8613580006666", "13580006666", "86").isNoNumber(),
        number("(86)13580006666", "13580006666", "86").isNoNumber(),
        number("868613580006666", "13580006666", "86").isNoNumber());
  }

  private static List<Case> order() {
    Clicks click = Clicks.under(NEWEST);
    return List.of(
        given("a newer profile was published")
            .user(knowing(SECONDS + 1, UserState.NEVER))
            .click(click)
            .says("later click")
            .isRefused(SUPERSEDED, 1),
        given("the same profile was published")
            .user(knowing(SECONDS, UserState.NEVER))
            .click(click)
            .isProfile(),
        given("an older profile was published")
            .user(knowing(SECONDS - 1, UserState.NEVER))
            .click(click)
            .isProfile(),
        given("forgotten at the very time of the record")
            .user(knowing(UserState.NEVER, RECORD_TIME))
            .click(click)
            .says("forgotten")
            .isRefused(SUPERSEDED, 1),
        given("forgotten a millisecond before the record, in the second of the watermark")
            .user(knowing(UserState.NEVER, SECONDS * 1000 + 999))
            .click(click)
            .time(SECONDS * 1000 + 1000)
            .isProfile(),
        given("forgotten before the record, but after the watermark")
            .user(knowing(UserState.NEVER, SECONDS * 1000 + 1000))
            .click(click)
            .time(SECONDS * 1000 + 1001)
            .isRefused(SUPERSEDED, 1),
        given("forgotten after, and the key is not known")
            .user(new UserState(List.of(), null, UserState.NEVER, RECORD_TIME))
            .click(click)
            .isRefused(SUPERSEDED, 0),
        given("forgotten after, and the key is stale")
            .user(new UserState(List.of(BEFORE), null, UserState.NEVER, RECORD_TIME))
            .click(click)
            .isRefused(SUPERSEDED, 1),
        given("forgotten before, and the key is not known")
            .user(new UserState(List.of(), null, UserState.NEVER, RECORD_TIME - 1))
            .click(click)
            .awaits(SESSION_KEY_MISSING, 0),
        given("forgotten after, and no number: the reason that comes first")
            .user(knowing(UserState.NEVER, RECORD_TIME))
            .plaintext(USER_INFO)
            .isRefused(MALFORMED_PLAINTEXT, 1),
        given("forgotten after, and denied: the reason that comes first")
            .user(knowing(UserState.NEVER, RECORD_TIME))
            .click(Clicks.under(NEWEST).errMsg("getPhoneNumber:fail user deny"))
            .isRefused(USER_DENIED, 0),
        given("a newer profile was published, and the watermark expired")
            .user(knowing(SECONDS + 1, UserState.NEVER))
            .click(click)
            .time(SECONDS * 1000 + MAX_AGE.toMillis() + 1)
            .isRefused(WATERMARK_EXPIRED, 1),
        given("superseded under an older key")
            .user(
                new UserState(List.of(BEFORE, NEWEST, OLDEST), null, SECONDS + 1, UserState.NEVER))
            .click(click)
            .isRefused(SUPERSEDED, 2),
        given("superseded with a wrong iv, for which every key is tried")
            .user(
                new UserState(List.of(BEFORE, NEWEST, OLDEST), null, SECONDS + 1, UserState.NEVER))
            .click(Clicks.under(NEWEST).iv(PhoneProofTest::wrong))
            .isRefused(SUPERSEDED, 3));
  }

  @Test
  void the_table_holds_every_reason_that_a_proof_can_give() {
    Set<Reason> elsewhere =
        EnumSet.of(INVALID_OPENID, WRONG_PARTITION, MALFORMED_SESSION_KEY, PROCESSING_FAILED);
    assertThat(table().map(row -> row.reason).filter(reason -> reason != null))
        .containsAll(EnumSet.complementOf(EnumSet.copyOf(elsewhere)))
        .doesNotContainAnyElementsOf(elsewhere);
  }

  @Test
  void the_table_holds_every_repair() {
    assertThat(table().flatMap(row -> row.repairs.stream()))
        .containsAll(EnumSet.allOf(Repair.class));
  }

  @Test
  void the_table_holds_no_case_twice() {
    assertThat(table().map(Case::toString)).doesNotHaveDuplicates();
  }

  /** One row. What is not said is as in a right click: its key is known, and nothing else is. */
  private static final class Case {
    private final String name;
    private byte @Nullable [] value;
    private UserState user = new UserState(List.of(NEWEST), null, UserState.NEVER, UserState.NEVER);
    private ProofRules rules = APP_OF_KEY;
    private ClickTime time = ClickTime.ofMillis(RECORD_TIME);

    private String sentence = "";
    private @Nullable Reason reason;
    private int keysTried;
    private boolean keyAwaited;
    private int age;
    private List<Repair> repairs = List.of();
    private List<@Nullable String> numbers =
        List.of("13580006666", "86", "+8613580006666", "CN", "MOBILE");

    Case(String name) {
      this.name = name;
    }

    Case keys(SessionKey... newestFirst) {
      return user(new UserState(List.of(newestFirst), null, UserState.NEVER, UserState.NEVER));
    }

    Case user(UserState known) {
      user = known;
      return this;
    }

    Case rules(ProofRules given) {
      rules = given;
      return this;
    }

    Case time(long millis) {
      return time(ClickTime.ofMillis(millis));
    }

    Case time(ClickTime given) {
      time = given;
      return this;
    }

    Case click(Clicks click) {
      return raw(click.value());
    }

    Case plaintext(Plaintexts phone) {
      return click(Clicks.under(NEWEST).plaintext(phone));
    }

    Case plaintext(String text) {
      return click(Clicks.under(NEWEST).plaintext(text));
    }

    Case raw(String text) {
      return raw(text.getBytes(UTF_8));
    }

    Case raw(byte @Nullable [] bytes) {
      value = bytes;
      return this;
    }

    /** The sentence has these words. */
    Case says(String words) {
      sentence = words;
      return this;
    }

    Case isRefused(Reason expected, int tried) {
      reason = expected;
      keysTried = tried;
      return this;
    }

    /** It is refused, but another key could still prove it. */
    Case awaits(Reason expected, int tried) {
      keyAwaited = true;
      return isRefused(expected, tried);
    }

    Case isProfile(Repair... expected) {
      return isProfileOfAge(0, expected);
    }

    Case isProfileOfAge(int sessionKeyAge, Repair... expected) {
      age = sessionKeyAge;
      repairs = List.of(expected);
      return this;
    }

    Case is(String e164, @Nullable String region, String numberType) {
      numbers = Arrays.asList(numbers.get(0), numbers.get(1), e164, region, numberType);
      return this;
    }

    Case isNoNumber() {
      return isRefused(INVALID_PHONE_NUMBER, 1);
    }

    void check() {
      Verdict verdict = new PhoneProof(rules).prove(value, OPENID, user, time);
      if (reason == null) {
        assertThat(verdict).as(name).isInstanceOf(Verdict.Proven.class);
        checkProfile(((Verdict.Proven) verdict).profile());
      } else {
        assertThat(verdict).as(name).isInstanceOf(Verdict.Refused.class);
        Verdict.Refused refused = (Verdict.Refused) verdict;
        assertThat(refused.reason()).as(name).isEqualTo(reason);
        assertThat(refused.keysTried()).as("%s: keys tried", name).isEqualTo(keysTried);
        assertThat(refused.keyAwaited()).as("%s: key awaited", name).isEqualTo(keyAwaited);
        assertThat(refused.detail()).as(name).contains(sentence).endsWith(".");
      }
    }

    private void checkProfile(Profile profile) {
      assertThat(
              Arrays.asList(
                  profile.purePhoneNumber(),
                  profile.countryCode(),
                  profile.e164(),
                  profile.region(),
                  profile.numberType()))
          .isEqualTo(numbers);
      assertThat(profile.openid()).isEqualTo(OPENID);
      assertThat(profile.unionid()).isEqualTo(user.unionid());
      assertThat(profile.appid()).isEqualTo(APPID);
      assertThat(profile.watermark()).isEqualTo(new Watermark(APPID, SECONDS));
      assertThat(profile.sessionKeyAge()).isEqualTo(age);
      assertThat(profile.repairs()).isEqualTo(repairs);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static Case given(String name) {
    return new Case(name).click(Clicks.under(NEWEST));
  }

  private static Case number(String phoneNumber, String purePhoneNumber, String countryCode) {
    Case row =
        given("\"%s\", \"%s\" of \"%s\"".formatted(phoneNumber, purePhoneNumber, countryCode))
            .plaintext(Plaintexts.phone(phoneNumber, purePhoneNumber, countryCode));
    row.numbers = List.of(purePhoneNumber, countryCode);
    return row;
  }

  private static UserState knowing(long newestWatermark, long forgottenAt) {
    return new UserState(List.of(NEWEST), null, newestWatermark, forgottenAt);
  }

  /** A right plaintext that lacks 3 bytes of a whole block, filled up with this byte. */
  private static Clicks paddedWith(int filler) {
    String json = Plaintexts.phone().json();
    String fitting = json + " ".repeat(Math.floorMod(13 - json.length(), 16));
    byte[] padded = Arrays.copyOf(fitting.getBytes(UTF_8), fitting.length() + 3);
    Arrays.fill(padded, fitting.length(), padded.length, (byte) filler);
    byte[] iv = new byte[16];
    return Clicks.under(NEWEST)
        .encryptedWithIv(iv)
        .ciphertext(c -> Clicks.encryptBlocks(NEWEST.revealBytes(), iv, padded));
  }

  /** User info under a wrong iv, whose first block ends there. */
  private static Case wrongIvOf(String where, String beginning) {
    return given("a wrong iv, and the rest begins " + where + ": " + beginning)
        .click(
            Clicks.under(NEWEST)
                .plaintext(
                    beginning
                        + "\"watermark\":{\"timestamp\":1477314187,\"appid\":\""
                        + APPID
                        + "\"}}")
                .iv(PhoneProofTest::wrong))
        .isRefused(IV_MISMATCH, 1);
  }

  /** An iv that has nothing to do with the right one. */
  private static byte[] wrong(byte[] iv) {
    byte[] other = Clicks.key(99).revealBytes();
    return Arrays.copyOf(other, iv.length);
  }

  private static String percent(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static String nested(int levels) {
    return "[".repeat(levels) + "]".repeat(levels);
  }

  private static byte[] joined(String before, byte[] bytes, String after) {
    byte[] head = before.getBytes(UTF_8);
    byte[] tail = after.getBytes(UTF_8);
    return ByteBuffer.allocate(head.length + bytes.length + tail.length)
        .put(head)
        .put(bytes)
        .put(tail)
        .array();
  }
}
