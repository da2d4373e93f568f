package io.tidegate.gateway;

/** A node that cannot start for a reason that its operator can mend; the message says which. */
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
