package dev.wxphone.core.domain;

/** What a payload amounts to, given what is known of its openid now. */
public sealed interface Verdict {

  /** The payload is proven. */
  record Proven(Profile profile) implements Verdict {}

  /**
   * The payload is no profile.
   *
   * @param detail one sentence for an operator, without any secret
   * @param keysTried how many session keys were tried
   * @param keyAwaited true where a session key that is not known yet could still prove it
   */
  record Refused(Reason reason, String detail, int keysTried, boolean keyAwaited)
      implements Verdict {}
}
