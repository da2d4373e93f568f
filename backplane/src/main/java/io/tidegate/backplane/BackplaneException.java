package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** The only failure that a backplane's futures carry. Without a stack trace: it is an answer. */
public final class BackplaneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why; every reason but {@link #LIMIT} is temporary. */
  public enum Reason {
    /** The store did not answer, or the node is not connected to it. Nothing was done. */
    UNAVAILABLE,
    /** The deadline passed or the link broke mid-way: it may have been done. Retry idempotently. */
    INDETERMINATE,
    /** Too much is already in flight on this node, or an inbox is full. Nothing was done. */
    OVERLOADED,
    /** The node lost its lease, is not started, or is closing. Nothing was done. */
    CLOSED,
    /** A configured bound of the store was reached. Nothing was done. */
    LIMIT
  }

  private final Reason reason;

  public BackplaneException(Reason reason, String message) {
    this(reason, message, null);
  }

  public BackplaneException(Reason reason, String message, @Nullable Throwable cause) {
    super(requireNonNull(reason, "reason") + ": " + message, cause, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
