package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

/**
 * What a service says to a {@link ServiceMessage.Kind#RPC}: data, or an error of its own.
 *
 * @param data JSON for clients of the JSON protocol; empty with an error
 * @param code 0 for success, otherwise a code that the client gets as it is
 * @param text short, for people; empty for success
 */
public record ServiceAnswer(Payload data, int code, String text) {
  /** What a handler answers to a message that waits for nothing. */
  public static final ServiceAnswer NONE = new ServiceAnswer(Payload.EMPTY, 0, "");

  public ServiceAnswer {
    requireNonNull(data, "data");
    requireNonNull(text, "text");
    if (code < 0) {
      throw new IllegalArgumentException("code: " + code + " (expected: >= 0)");
    }
  }

  public static ServiceAnswer of(Payload data) {
    return new ServiceAnswer(data, 0, "");
  }

  /**
   * An error of the service's own.
   *
   * @param code above 0; those from 400 on are free for applications
   */
  public static ServiceAnswer error(int code, String text) {
    if (code < 1) {
      throw new IllegalArgumentException("code: " + code + " (expected: > 0)");
    }
    return new ServiceAnswer(Payload.EMPTY, code, text);
  }

  public boolean isError() {
    return code != 0;
  }
}
