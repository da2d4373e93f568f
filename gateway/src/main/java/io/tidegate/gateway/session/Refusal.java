package io.tidegate.gateway.session;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.service.ServiceException;
import org.jspecify.annotations.Nullable;

/** What is asked of a session is answered with an error; thrown inside chains of futures only. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("StaticAssignmentOfThrowable") // It has no stack trace and suppresses nothing.
  private static final Refusal UNSUBSCRIBED =
      new Refusal(ErrorCode.NOT_AVAILABLE, "subscription: ended meanwhile (expected: wanted)");

  private final ErrorCode error;
  private final String detail;
  private final @Nullable CloseCode closes;

  Refusal(ErrorCode error, String detail) {
    this(error, detail, null);
  }

  /**
   * One after which there is nothing more to say.
   *
   * @param closes what the session is closed with once its client has been told
   */
  Refusal(ErrorCode error, String detail, @Nullable CloseCode closes) {
    super(error.message() + ": " + detail, null, false, false);
    this.error = error;
    this.detail = detail;
    this.closes = closes;
  }

  /** Of what is asked of a session that has ended meanwhile. */
  static Refusal sessionEnded() {
    return new Refusal(ErrorCode.NOT_AVAILABLE, "session: ended (expected: open)");
  }

  /** Of a subscription that somebody ended while it was being made; nothing went wrong. */
  static Refusal unsubscribed() {
    return UNSUBSCRIBED;
  }

  /** Whether {@code failure} is {@link #unsubscribed}. */
  static boolean isUnsubscribed(Throwable failure) {
    return failure == UNSUBSCRIBED;
  }

  @Nullable CloseCode closes() {
    return closes;
  }

  public ErrorCode error() {
    return error;
  }

  /** What was wrong, behind the code's own text; empty for nothing more to say. */
  public String detail() {
    return detail;
  }

  /** What a client is told of a failure, whatever it is. */
  static Reply.Failed reply(Throwable failure) {
    if (failure instanceof Refusal refusal) {
      return new Reply.Failed(refusal.error, refusal.detail);
    }
    if (failure instanceof ServiceException e) {
      return new Reply.Failed(e.outcome().error(), "service " + e.outcome().label());
    }
    if (failure instanceof BackplaneException e) {
      return Reply.Failed.of(code(e.reason()));
    }
    return Reply.Failed.of(ErrorCode.INTERNAL);
  }

  private static ErrorCode code(BackplaneException.Reason reason) {
    return switch (reason) {
      case UNAVAILABLE, INDETERMINATE, CLOSED -> ErrorCode.INTERNAL;
      case OVERLOADED -> ErrorCode.TOO_MANY_REQUESTS;
      case LIMIT -> ErrorCode.LIMIT_EXCEEDED;
    };
  }
}
