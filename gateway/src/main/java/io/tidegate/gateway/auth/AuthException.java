package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * A token that was not believed. Carries nothing of the token, so it is safe to log and to answer.
 */
public final class AuthException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why; the lower-case name is the metric label and the text of the answer. */
  public enum Reason {
    MALFORMED_TOKEN,
    UNKNOWN_KEY,
    BAD_SIGNATURE,
    TOKEN_EXPIRED,
    TOKEN_NOT_YET_VALID,
    WRONG_ISSUER,
    WRONG_AUDIENCE,
    BAD_CLAIM;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Reason reason;

  public AuthException(Reason reason, String detail) {
    super(requireNonNull(reason, "reason").label() + ": " + detail, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
