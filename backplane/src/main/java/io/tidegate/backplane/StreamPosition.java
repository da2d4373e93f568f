package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

/**
 * A place in a channel's stream: everything up to and including {@code offset}, as written in
 * {@code epoch}. A position is never valid in two histories; a stream that forks takes a new epoch
 * and remembers where its parents ended (see {@link Backplane}, promise 7).
 *
 * @param offset number of the last publication included; 0 is the start of the stream
 */
public record StreamPosition(String epoch, long offset) {
  public StreamPosition {
    requireNonNull(epoch, "epoch");
    if (offset < 0) {
      throw new IllegalArgumentException("offset: " + offset + " (expected: >= 0)");
    }
  }
}
