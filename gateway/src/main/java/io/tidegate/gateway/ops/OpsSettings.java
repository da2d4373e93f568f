package io.tidegate.gateway.ops;

import static java.util.Objects.requireNonNull;

/** The ops port. */
public record OpsSettings(String host, int port) {
  public OpsSettings {
    requireNonNull(host, "host");
  }
}
