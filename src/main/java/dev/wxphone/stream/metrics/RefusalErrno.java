package dev.wxphone.stream.metrics;

import org.jspecify.annotations.Nullable;

/** WeChat's {@code errno} of a refusal, as far as it is told apart: senders may write any. */
public enum RefusalErrno {
  /** The app lacks the capability, or its account is not verified. */
  NO_PERMISSION("102"),
  /** The user declined the privacy pop-up. */
  PRIVACY_DECLINED("104"),
  /** The app's privacy guide does not declare phone numbers. */
  NOT_DECLARED("112"),
  /** The app's quota of phone numbers is used up. */
  QUOTA_USED_UP("1400001"),
  /** Another one. */
  OTHER("other"),
  /** None: the text alone says that it is a refusal. */
  NONE("none");

  private final String label;

  RefusalErrno(String label) {
    this.label = label;
  }

  /** Returns the value of the label. */
  public String label() {
    return label;
  }

  /**
   * Returns the constant of an {@code errno}.
   *
   * @param errno null if the refusal has none
   */
  public static RefusalErrno of(@Nullable String errno) {
    if (errno == null) {
      return NONE;
    }
    for (RefusalErrno known : values()) {
      if (known.label.equals(errno)) {
        return known;
      }
    }
    return OTHER;
  }
}
