package io.tidegate.gateway.protocol;

/** A frame that is not of the client protocol. Carries no bytes of it, so it is safe to log. */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String message) {
    super(message, null, false, false);
  }
}
