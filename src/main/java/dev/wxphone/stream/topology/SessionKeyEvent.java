package dev.wxphone.stream.topology;

import dev.wxphone.core.codec.LoginReader;
import dev.wxphone.core.domain.Login;
import dev.wxphone.core.domain.Reason;
import dev.wxphone.core.domain.UserState;
import dev.wxphone.core.envelope.HeaderNames;
import dev.wxphone.core.envelope.OutgoingDeadLetter.Cause;
import dev.wxphone.core.envelope.ReceivedRecord;
import dev.wxphone.settings.Settings;

/**
 * What a record of {@code session-key} brings. The same for the stream and for whoever reads the
 * topic to try a dead letter.
 */
public sealed interface SessionKeyEvent {

  /** What is known of the openid after it. */
  default UserState after(UserState user, int keys) {
    return user;
  }

  /** The null that a rerouted session key left behind: nothing. */
  record Placeholder() implements SessionKeyEvent {}

  /** A session key that belongs into another partition, where its copy will be. */
  record Misplaced(int partition) implements SessionKeyEvent {}

  /** Nothing that can be used; the keys already known stay. */
  record Rejected(Cause cause) implements SessionKeyEvent {}

  /**
   * A login.
   *
   * @param copyOf of a copy, when the misplaced record was published, in milliseconds since 1970;
   *     {@link Long#MAX_VALUE} of any other
   */
  record LoggedIn(Login login, long copyOf) implements SessionKeyEvent {
    @Override
    public UserState after(UserState user, int keys) {
      return isUndone(user) ? user : user.loggedIn(login, keys);
    }

    /** A copy comes late: what undid the login may have been read before it. */
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
    public UserState after(UserState user, int keys) {
      return user.loggedOut(at);
    }
  }

  /**
   * The person is to be forgotten.
   *
   * @param at milliseconds since 1970
   */
  record Forgotten(long at) implements SessionKeyEvent {
    @Override
    public UserState after(UserState user, int keys) {
      return user.forgotten(at);
    }
  }

  /**
   * Reads one record.
   *
   * @param partitions of the topic
   * @param now milliseconds since 1970; a publisher's clock that is ahead undoes nothing of later
   */
  static SessionKeyEvent of(ReceivedRecord received, Settings settings, int partitions, long now) {
    if (received.value() == null
        && received.headers().lastHeader(HeaderNames.REROUTED_TO) != null) {
      return new Placeholder();
    }
    Admission admission =
        Admission.of(received, Reason.MALFORMED_SESSION_KEY, partitions, settings.reroute());
    if (admission instanceof Admission.Misplaced misplaced) {
      return new Misplaced(misplaced.partition());
    }
    if (admission instanceof Admission.Rejected rejected) {
      return new Rejected(rejected.cause());
    }
    byte[] value = received.value();
    long at = received.origin().timestamp();
    if (value == null) {
      return received.headers().lastHeader(HeaderNames.FORGET) == null
          ? new LoggedOut(Math.min(at, now))
          : new Forgotten(Math.min(at, now));
    }
    LoginReader.Read read = LoginReader.read(value, received.openid(), settings.appids().isEmpty());
    return read instanceof LoginReader.LoggedIn loggedIn
        ? new LoggedIn(
            loggedIn.login(), received.origin().reroutedFrom() == null ? Long.MAX_VALUE : at)
        : new Rejected(
            new Cause(Reason.MALFORMED_SESSION_KEY, ((LoginReader.Malformed) read).detail(), 0));
  }
}
