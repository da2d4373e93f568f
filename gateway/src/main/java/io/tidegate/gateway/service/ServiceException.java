package io.tidegate.gateway.service;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** A message to a service that got no answer. Without a stack trace: it is an answer itself. */
public final class ServiceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Outcome outcome;

  ServiceException(Outcome outcome) {
    this(outcome, null);
  }

  ServiceException(Outcome outcome, @Nullable Throwable cause) {
    super(requireNonNull(outcome, "outcome").label(), cause, false, false);
    this.outcome = outcome;
  }

  public Outcome outcome() {
    return outcome;
  }
}
