package dev.wxphone.demo.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.util.Base64;

/** The JSON that WeChat gives the page and the backend, and that the backend publishes. */
final class BackendJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BackendJson() {}

  /** Returns the plaintext of a click, without its watermark. */
  static ObjectNode phoneNumber(String national, String country) {
    return JSON.createObjectNode()
        .put("phoneNumber", national)
        .put("purePhoneNumber", national)
        .put("countryCode", country);
  }

  /** Returns the plaintext of the user-info button, without its watermark. */
  static ObjectNode userInfo(String openid) {
    return JSON.createObjectNode().put("openId", openid).put("nickName", "Band");
  }

  /** Returns the {@code e.detail} of the button's callback. */
  static byte[] detail(byte[] ciphertext, byte[] iv) {
    return bytes(
        JSON.createObjectNode()
            .put("errMsg", "getPhoneNumber:ok")
            .put("encryptedData", base64(ciphertext))
            .put("iv", base64(iv)));
  }

  /** Returns the {@code e.detail} of a callback without a number. */
  static byte[] refusal(String errMsg) {
    return bytes(JSON.createObjectNode().put("errMsg", errMsg));
  }

  /** Returns the {@code e.detail} of a callback without a number, with WeChat's number for why. */
  static byte[] refusal(int errno, String errMsg) {
    return bytes(JSON.createObjectNode().put("errno", errno).put("errMsg", errMsg));
  }

  /** Returns the {@code e.detail} of the realtime button's callback. */
  static byte[] code(String code) {
    return bytes(
        JSON.createObjectNode().put("errMsg", "getRealtimePhoneNumber:ok").put("code", code));
  }

  /** Returns the answer of {@code jscode2session}, with the appid added by the backend. */
  static byte[] login(String appid, String openid, byte[] sessionKey) {
    return bytes(
        JSON.createObjectNode()
            .put("appid", appid)
            .put("openid", openid)
            .put("session_key", base64(sessionKey))
            .put("unionid", "u" + openid.substring(1)));
  }

  /** Returns JSON after a byte order mark, as some editors and libraries write it. */
  static byte[] afterMark(byte[] json) {
    return ('\uFEFF' + new String(json, UTF_8)).getBytes(UTF_8);
  }

  /** Returns JSON after a zero and the id of a schema, as a schema registry's serializer does. */
  static byte[] afterSchemaId(byte[] json) {
    return ByteBuffer.allocate(5 + json.length).put((byte) 0).putInt(7).put(json).array();
  }

  /** Returns JSON as a JSON text, as where it is serialized twice. */
  static byte[] text(byte[] json) {
    return TextNode.valueOf(new String(json, UTF_8)).toString().getBytes(UTF_8);
  }

  private static byte[] bytes(ObjectNode object) {
    return object.toString().getBytes(UTF_8);
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
