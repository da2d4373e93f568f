package io.tidegate.loadtest;

/** A run that cannot go on; the message is for the person who started it. */
final class LoadTestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LoadTestException(String message) {
    super(message);
  }
}
