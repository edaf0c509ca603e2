import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Plays the people of a script, FILE: WeChat's side is here, the backend's is Publish.java. */
final class Play {
  public static void main(String[] args) throws Exception {
    try (var publish = new Publish()) {
      for (String line : Files.readAllLines(Path.of(args[0]))) {
        String[] words = line.split("\t");
        if (words[0].equals("login")) {
          publish.login(
              words[2],
              "{\"appid\":\"%s\",\"openid\":\"%s\",\"session_key\":\"%s\"}"
                  .formatted(words[1], words[2], words[3]));
        } else {
          publish.click(words[1], encrypt(words[2], words[3]), words[4]);
        }
      }
    }
  }

  private static String encrypt(String sessionKey, String phone) throws Exception {
    byte[] iv = new byte[16];
    new SecureRandom().nextBytes(iv);
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(Base64.getDecoder().decode(sessionKey), "AES"),
        new IvParameterSpec(iv));
    Base64.Encoder base64 = Base64.getEncoder();
    return "{\"errMsg\":\"getPhoneNumber:ok\",\"encryptedData\":\"%s\",\"iv\":\"%s\"}"
        .formatted(
            base64.encodeToString(cipher.doFinal(phone.getBytes(UTF_8))),
            base64.encodeToString(iv));
  }
}
