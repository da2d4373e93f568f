package io.tidegate.gateway.dev;

import java.nio.file.Path;

/**
 * What {@code dev} keeps between starts.
 *
 * @param cluster random as the secrets are: nodes of one home find each other, and those of another
 *     user of this machine do not
 */
public record DevState(
    Path directory, Path certificate, Path key, String hmacSecret, String apiKey, String cluster) {
  /** Leaves the secrets out. */
  @Override
  public String toString() {
    return "DevState[directory=" + directory + "]";
  }
}
