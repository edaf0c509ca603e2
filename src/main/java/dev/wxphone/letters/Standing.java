package dev.wxphone.letters;

/** How a letter stands today; each is in one of these, the first that fits. */
public enum Standing {
  /** It holds no payload that could be published again. */
  NOT_REPLAYABLE,
  /** It was replayed already. */
  REPLAYED,
  /** Somebody dealt with it otherwise. */
  PARKED,
  /** Its payload was tried so often that it stays where it is. */
  OVER_LIMIT,
  /** Replayed now, it would become a profile. */
  WOULD_SUCCEED,
  /** Replayed now, it would come back. */
  WOULD_FAIL
}
