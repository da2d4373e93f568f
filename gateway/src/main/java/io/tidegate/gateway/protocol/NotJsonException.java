package io.tidegate.gateway.protocol;

/** Bytes that are not one JSON value. The message says why and holds nothing of the bytes. */
public final class NotJsonException extends Exception {
  private static final long serialVersionUID = 1L;

  public NotJsonException(String message) {
    super(message, null, false, false);
  }
}
