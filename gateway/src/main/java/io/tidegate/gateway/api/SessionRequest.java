package io.tidegate.gateway.api;

import org.jspecify.annotations.Nullable;

/** What is to be done to a user's sessions. */
interface SessionRequest {
  Target target();

  /** Which channel it is about; absent where it is about none. */
  default @Nullable String channel() {
    return null;
  }
}
