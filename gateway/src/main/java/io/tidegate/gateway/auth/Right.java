package io.tidegate.gateway.auth;

import org.jspecify.annotations.Nullable;

/** What a client may do with a channel. */
public enum Right {
  SUBSCRIBE("sub", "subscribe"),
  PUBLISH("pub", "publish"),
  READ_PRESENCE("prs", "presence"),
  READ_HISTORY("hst", "history");

  private final String claim;
  private final String action;

  Right(String claim, String action) {
    this.claim = claim;
    this.action = action;
  }

  /** As tokens call it. */
  public String claim() {
    return claim;
  }

  /** What is refused where it is missing, for messages. */
  public String action() {
    return action;
  }

  /** The right that tokens call so; absent where there is none. */
  static @Nullable Right ofClaim(String text) {
    for (Right right : values()) {
      if (right.claim.equals(text)) {
        return right;
      }
    }
    return null;
  }
}
