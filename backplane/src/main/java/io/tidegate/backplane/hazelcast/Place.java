package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.StreamPosition;

/** A place among a channel's events: after so many publications and so many moves. */
record Place(String epoch, long offset, long moves) {
  StreamPosition position() {
    return new StreamPosition(epoch, offset);
  }

  long sequence() {
    return offset + moves;
  }
}
