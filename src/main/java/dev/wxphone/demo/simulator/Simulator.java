package dev.wxphone.demo.simulator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/**
 * Users of a mini-program who come and come back, WeChat with their sessions, a backend that
 * publishes both, and what goes wrong between them. The same seed and the same times give the same
 * users, keys and troubles.
 *
 * <p>The answer to each payload is known beforehand under the settings that the demo requires
 * ({@code ExpectedAnswers}), however slowly or unevenly the two topics are read. That is why a user
 * has one visit at a time, returns only when all of it is published, leaves before there are more
 * sessions or clicks than wxphone keeps or lets wait, and does not return from a visit whose login
 * is lost or whose records go astray: those have no order with what a next visit would publish.
 */
public final class Simulator {
  /** The app of all users. */
  public static final String APPID = "wx4f4bc4dec97d474b";

  /** The default of {@code wxphone.session.keys}. */
  public static final int MAX_SESSIONS_PER_USER = 3;

  /** The default of {@code wxphone.session.wait.max}. */
  public static final int MAX_CLICKS_PER_USER = 8;

  static final long MIN_LOGIN_DELAY_MILLIS = 200;
  static final int LOGIN_DELAY_RANGE_MILLIS = 2_800;

  /** The longest time from a click to a login that is published after it. */
  public static final Duration MAX_LOGIN_DELAY =
      Duration.ofMillis(MIN_LOGIN_DELAY_MILLIS + LOGIN_DELAY_RANGE_MILLIS);

  /** The age of the clicks of {@link Trouble#OLD_CLICK}; other clicks are of now. */
  public static final Duration OLD_CLICK_AGE = Duration.ofDays(7);

  /** The most payloads of a visit: a click published twice, or two clicks. */
  private static final int MAX_PAYLOADS_PER_VISIT = 2;

  /**
   * The users, and what goes wrong.
   *
   * @param users the number of users who return
   * @param sessionLife the age from which on a {@code wx.login} replaces a session
   */
  public record Options(int users, Duration sessionLife, Troubles troubles) {
    /** Returns options under which a demo of some hundred payloads shows every trouble. */
    public static Options usual() {
      return new Options(100, Duration.ofSeconds(1), Troubles.usual());
    }
  }

  private final Random random;
  private final Options options;
  private final WeChat weChat;
  private final Map<Integer, SimulatedUser> users = new HashMap<>();

  /** Creates a simulator with the usual options. */
  public Simulator(long seed) {
    this(seed, Options.usual());
  }

  /** Creates a simulator whose users, keys and troubles are the same for the same seed. */
  public Simulator(long seed, Options options) {
    this.random = new Random(seed);
    this.options = options;
    this.weChat = new WeChat(random, options.sessionLife());
  }

  /**
   * Returns the next visit.
   *
   * @param atMillis when it begins, in milliseconds since 1970; not before the visit before it
   * @param maxPayloads how many payloads it may have, at least 1
   */
  Visit next(long atMillis, long maxPayloads) {
    Trouble trouble =
        options
            .troubles()
            .draw(random)
            .filter(t -> maxPayloads >= MAX_PAYLOADS_PER_VISIT || !t.hasTwoPayloads())
            .orElse(null);
    SimulatedUser user = user(atMillis);
    return new VisitPlayer(weChat, random, options.sessionLife().toMillis(), user, atMillis)
        .play(trouble);
  }

  /** Returns a user who comes back, or a new one in the place of one who is busy or done. */
  private SimulatedUser user(long atMillis) {
    int place = random.nextInt(options.users());
    SimulatedUser user = users.get(place);
    if (user == null || !user.isFree(atMillis) || isDone(user, atMillis)) {
      if (user != null) {
        weChat.forget(user.openid);
      }
      user = new SimulatedUser(random);
      users.put(place, user);
    }
    return user;
  }

  private boolean isDone(SimulatedUser user, long atMillis) {
    return user.clicks + MAX_PAYLOADS_PER_VISIT > MAX_CLICKS_PER_USER
        || weChat.sessionsAfterLogin(user.openid, atMillis) > MAX_SESSIONS_PER_USER;
  }
}
