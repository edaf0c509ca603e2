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
   * @param login its key bears the time of the login
   * @param late whether the record is a rerouted copy, so that later ones may have been read
   */
  record LoggedIn(Login login, boolean late) implements SessionKeyEvent {
    @Override
    public UserState applyTo(UserState user, int keyLimit) {
      if (isUndone(user)) {
        return user;
      }
      return late ? user.loggedInBefore(login, keyLimit) : user.loggedIn(login, keyLimit);
    }

    /** Returns whether this is a copy that arrives after the logout that followed the login. */
    boolean isUndone(UserState user) {
      long at = login.key().loggedInAt();
      return late && (at <= user.forgottenAt() || at <= user.loggedOutAt());
    }
  }

  /**
   * A logout.
   *
   * @param at milliseconds since 1970
   * @param late whether the record is a rerouted copy, so that later logins may have been read
   */
  record LoggedOut(long at, boolean late) implements SessionKeyEvent {
    @Override
    public UserState applyTo(UserState user, int keyLimit) {
      return late ? user.loggedOutBefore(at) : user.loggedOut(at);
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
   * @param now milliseconds since 1970
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
    // Whatever its publisher's clock shows, nothing is later than now.
    long at = Math.min(ClickTime.of(received.origin().timestamp(), now).millis(), now);
    boolean late = received.origin().reroutedFrom() != null;
    if (value == null) {
      return received.headers().lastHeader(HeaderNames.FORGET) == null
          ? new LoggedOut(at, late)
          : new Forgotten(at);
    }
    LoginReader.Read read = LoginReader.read(value, received.openid(), rules.appids().isEmpty());
    if (read instanceof LoginReader.LoggedOut) {
      return new LoggedOut(at, late);
    }
    if (read instanceof LoginReader.LoggedIn loggedIn) {
      Login login = loggedIn.login();
      return new LoggedIn(new Login(login.key().at(at), login.unionid()), late);
    }
    String detail = ((LoginReader.Malformed) read).detail();
    return new Rejected(new Cause(Reason.MALFORMED_SESSION_KEY, detail, 0));
  }
}
