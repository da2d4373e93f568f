package io.tidegate.gateway.wire;

import org.jspecify.annotations.Nullable;

/** Why a native library is of no use. */
final class Natives {
  private Natives() {}

  /**
   * One line for the operator: what the innermost failure says, since those around it only say that
   * loading failed.
   */
  static String problem(@Nullable Throwable unavailable) {
    String problem = "no native library for this system";
    for (Throwable t = unavailable; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (message != null && !message.isBlank()) {
        problem = message.lines().findFirst().orElse(problem);
      }
    }
    return problem;
  }
}
