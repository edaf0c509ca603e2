package dev.wxphone.core.codec;

import static dev.wxphone.core.domain.Reason.PHONE_NOT_BOUND;
import static dev.wxphone.core.domain.Reason.USER_DENIED;
import static dev.wxphone.core.domain.Reason.WECHAT_REFUSED;
import static java.util.regex.Pattern.CASE_INSENSITIVE;

import dev.wxphone.core.codec.Payload.Unusable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells from {@code errno} and {@code errMsg} whether and why there is no number. The text differs
 * between versions of WeChat: {@code getPhoneNumber:fail user deny}, {@code …:fail:user cancel},
 * {@code …:user deny}, with and without the API's name, and Chinese sentences.
 */
final class Refusal {
  /** The user declined the privacy pop-up. */
  private static final int PRIVACY_DECLINED = 104;

  private static final int NO_PERMISSION = 102;
  private static final int NOT_DECLARED = 112;
  private static final int QUOTA_USED_UP = 1_400_001;

  // "access denied" and "permission denied" are WeChat's, not the user's. Lookarounds instead of
  // \b, which matches ASCII letters only since JDK 19.
  private static final Pattern DENIED =
      pattern(
          "(?<!\\w)(user|auth\\w*)\\W*(den|reject|refus|cancel|declin)|(?<!\\w)cancel"
              + "|(^|:)\\s*(fail\\W*)?den(y|ied)(?!\\w)"
              + "|privacy\\W+permission\\W+is\\W+not\\W+authori[sz]ed"
              + "|用户拒绝|拒绝授权|取消|不同意");
  private static final Pattern PRIVACY = pattern("privacy\\W+permission|隐私");
  private static final Pattern TIMED_OUT = pattern("(?<!\\w)timed?[\\W_]*out(?!\\w)|超时");
  private static final Pattern NOT_BOUND =
      pattern(
          "(?<!\\w)no\\W+((bound|valid)\\W+)?(phone|mobile)"
              + "|(phone|mobile|your|user'?s?)(?!\\w).{0,60}((?<!\\w)(un)?b(i|ou)nd|verif)"
              + "|((?<!\\w)(un)?b(i|ou)nd|verify).{0,60}(?<!\\w)(phone|mobile|number)"
              + "|未绑定|没有手机|(手机|号码).{0,20}(绑定|验证)|(绑定|验证).{0,20}(手机|号码)");
  private static final Pattern DECLARED_NOWHERE =
      pattern("not\\W+declared\\W+in\\W+the\\W+privacy|隐私");
  private static final Pattern UNPERMITTED =
      pattern("no\\W+permission|(permission|access)\\W+denied|unauthorized|权限");
  private static final Pattern OVER_QUOTA = pattern("quota|额度|余额|次数|配额");

  /** Of nearly all clicks, which need no pattern. */
  static final String USUAL = "getPhoneNumber:ok";

  private static final Pattern FAIL = pattern(":\\s*fail");
  private static final Pattern OK = pattern("(^|:)\\s*ok\\s*\\z");

  private static final String DENIED_DETAIL =
      "The user denied or cancelled; the user may click the phone button again.";
  private static final String PRIVACY_DETAIL =
      "The user declined the mini-program's privacy guide; ask the user to accept it and to click"
          + " again.";
  private static final String TIMED_OUT_DETAIL =
      "The dialog timed out without an answer; ask the user to click again.";
  private static final String NOT_BOUND_DETAIL =
      "The user has no phone number bound in WeChat, or has to verify it there; ask the user to do"
          + " that in WeChat's account settings and to click again.";
  private static final String PERMISSION_DETAIL =
      "WeChat refused the app for want of permission (errno 102); the mini-program's administrator"
          + " has to see that its account is verified and its phone number capability enabled.";
  private static final String DECLARATION_DETAIL =
      "WeChat refused the app, since its privacy guide does not declare phone numbers (errno 112);"
          + " the mini-program's administrator has to declare them on mp.weixin.qq.com.";
  private static final String QUOTA_DETAIL =
      "WeChat refused the app, since its quota of phone numbers is used up (errno 1400001); the"
          + " mini-program's administrator has to buy more on mp.weixin.qq.com.";

  private Refusal() {}

  /**
   * Returns the refusal, or null if there is none.
   *
   * @param errno null or 0 if there is none
   * @param usable whether there is a ciphertext or a code: if so, only what says that it is a
   *     refusal is one
   */
  static @Nullable Unusable of(@Nullable Integer errno, @Nullable String errMsg, boolean usable) {
    if (errno == null && (USUAL.equals(errMsg) || (errMsg == null && usable))) {
      return null;
    }
    String said = errMsg == null ? "" : cut(errMsg);
    boolean ok = OK.matcher(said).find();
    if (errno != null && errno != 0) {
      return byErrno(errno, ok ? "" : said);
    }
    boolean refused = says(FAIL, said) || says(DENIED, said) || (!usable && !isBlank(said));
    return refused && !ok ? byText(said, "as its errMsg says") : null;
  }

  private static Unusable byErrno(int errno, String said) {
    return switch (errno) {
      case PRIVACY_DECLINED -> new Unusable(USER_DENIED, PRIVACY_DETAIL);
      case NO_PERMISSION -> new Unusable(WECHAT_REFUSED, PERMISSION_DETAIL);
      case NOT_DECLARED -> new Unusable(WECHAT_REFUSED, DECLARATION_DETAIL);
      case QUOTA_USED_UP -> new Unusable(WECHAT_REFUSED, QUOTA_DETAIL);
      default -> byText(said, "with errno " + errno);
    };
  }

  private static Unusable byText(String said, String how) {
    if (says(DENIED, said)) {
      return new Unusable(USER_DENIED, says(PRIVACY, said) ? PRIVACY_DETAIL : DENIED_DETAIL);
    }
    if (says(TIMED_OUT, said)) {
      return new Unusable(USER_DENIED, TIMED_OUT_DETAIL);
    }
    if (says(DECLARED_NOWHERE, said)) {
      return new Unusable(WECHAT_REFUSED, DECLARATION_DETAIL);
    }
    if (says(UNPERMITTED, said)) {
      return new Unusable(WECHAT_REFUSED, PERMISSION_DETAIL);
    }
    if (says(OVER_QUOTA, said)) {
      return new Unusable(WECHAT_REFUSED, QUOTA_DETAIL);
    }
    if (says(NOT_BOUND, said)) {
      return new Unusable(PHONE_NOT_BOUND, NOT_BOUND_DETAIL);
    }
    return new Unusable(
        WECHAT_REFUSED,
        "WeChat refused the call, "
            + how
            + "; look that up in WeChat's documentation, and see that the app may use"
            + " getPhoneNumber (verified, capability enabled, quota left).");
  }

  /** Returns the text as far as it is read: it is a sender's, and patterns take time. */
  private static String cut(String text) {
    return text.length() <= InputLimits.ERR_MSG_CHARACTERS
        ? text
        : text.substring(0, InputLimits.ERR_MSG_CHARACTERS);
  }

  private static boolean says(Pattern pattern, String said) {
    return pattern.matcher(said).find();
  }

  /** By ASCII's blanks, as in the schema. */
  private static boolean isBlank(String said) {
    return said.chars().allMatch(c -> c == ' ' || (c >= '\t' && c <= '\r'));
  }

  private static Pattern pattern(String regex) {
    return Pattern.compile(regex, CASE_INSENSITIVE);
  }
}
