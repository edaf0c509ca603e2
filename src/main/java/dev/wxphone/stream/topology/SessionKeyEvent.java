package dev.wxphone.stream.topology;

import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.domain.AnswerRules;
import dev.wxphone.core.domain.ClickTime;
import dev.wxphone.core.domain.Login;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.ReceivedRecord;

/**
 * A record of {@code session-key}, read. The stream and those that read the topic to try a dead
 * letter read it alike.
 */
public sealed interface SessionKeyEvent {

  /**
   * Returns the state of the openid after this event.
   *
   * @param keyLimit how many keys are kept
   */
  default UserState applyTo(UserState user, int keyLimit) {
    return user;
  }

  /** The null in the place of a rerouted session key; it changes nothing. */
  record Placeholder() implements SessionKeyEvent {}

  /** The record of a {@link Fence}; it changes nothing. */
  record FenceRead() implements SessionKeyEvent {}

  /**
   * A record that belongs into another partition.
   *
   * @param partition where its copy goes
   */
  record Misplaced(int partition) implements SessionKeyEvent {}

  /** An unusable record; the keys that are known remain. */
  record Rejected(Cause cause) implements SessionKeyEvent {}

  /**
   * A login.
   *
   * @param copyOf if the record is a rerouted copy, the timestamp of the original, in milliseconds
   *     since 1970; otherwise {@link Long#MAX_VALUE}
   */
  record LoggedIn(Login login, long copyOf) implements SessionKeyEvent {
    @Override
    public UserState applyTo(UserState user, int keyLimit) {
      return isUndone(user) ? user : user.loggedIn(login, keyLimit);
    }

    /** Returns whether this is a copy that arrives after the logout that followed the login. */
    boolean isUndone(UserState user) {
      return copyOf <= user.forgottenAt() || copyOf <= user.loggedOutAt();
    }
  }

  /**
   * A logout.
   *
   * @param at milliseconds since 1970
   */
  record LoggedOut(long at) implements SessionKeyEvent {
    @Override
    public UserState applyTo(UserState user, int keyLimit) {
      return user.loggedOut(at);
    }
  }

  /**
   * A request to forget the person.
   *
   * @param at milliseconds since 1970
   */
  record Forgotten(long at) implements SessionKeyEvent {
    @Override
    public UserState applyTo(UserState user, int keyLimit) {
      return user.forgotten(at);
    }
  }

  /**
   * Reads a record.
   *
   * @param partitions the number of partitions of the topic
   * @param now milliseconds since 1970; no logout counts as later than this, whatever its
   *     publisher's clock shows
   */
  static SessionKeyEvent of(ReceivedRecord received, AnswerRules rules, int partitions, long now) {
    if (received.value() == null
        && received.headers().lastHeader(HeaderNames.REROUTED_TO) != null) {
      return Fence.isKey(received.key()) ? new FenceRead() : new Placeholder();
    }
    Admission admission =
        Admission.of(received, Reason.MALFORMED_SESSION_KEY, partitions, rules.reroute());
    if (admission instanceof Admission.Misplaced misplaced) {
      return new Misplaced(misplaced.partition());
    }
    if (admission instanceof Admission.Rejected rejected) {
      return new Rejected(rejected.cause());
    }
    byte[] value = received.value();
    long at = ClickTime.of(received.origin().timestamp(), now).millis();
    if (value == null) {
      return received.headers().lastHeader(HeaderNames.FORGET) == null
          ? new LoggedOut(Math.min(at, now))
          : new Forgotten(Math.min(at, now));
    }
    LoginReader.Read read = LoginReader.read(value, received.openid(), rules.appids().isEmpty());
    if (read instanceof LoginReader.LoggedOut) {
      return new LoggedOut(Math.min(at, now));
    }
    return read instanceof LoginReader.LoggedIn loggedIn
        ? new LoggedIn(
            loggedIn.login(), received.origin().reroutedFrom() == null ? Long.MAX_VALUE : at)
        : new Rejected(
            new Cause(Reason.MALFORMED_SESSION_KEY, ((LoginReader.Malformed) read).detail(), 0));
  }
}
