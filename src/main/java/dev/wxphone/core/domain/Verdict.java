package dev.wxphone.core.domain;

/** The verdict on a payload, given the current state of its openid. */
public sealed interface Verdict {

  /** The payload is proven, and this is its profile. */
  record Proven(Profile profile) implements Verdict {}

  /**
   * The payload is refused.
   *
   * @param detail one sentence for an operator, without any secret
   * @param keysTried how many session keys were tried
   * @param keyAwaited true if a session key that is not known yet could still prove it
   */
  record Refused(Reason reason, String detail, int keysTried, boolean keyAwaited)
      implements Verdict {}
}
