package io.tidegate.backplane.redis;

import io.tidegate.backplane.StreamPosition;

/**
 * A place in the one order of a channel's events: so many publications and so many moves were told,
 * in this epoch.
 */
record Place(String epoch, long offset, long moves) {
  /** This place with another offset. */
  Place to(long other) {
    return new Place(epoch, other, moves);
  }

  StreamPosition position() {
    return new StreamPosition(epoch, offset);
  }
}
