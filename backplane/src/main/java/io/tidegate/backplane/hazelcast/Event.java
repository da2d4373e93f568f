package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;

/**
 * What listeners hear of a channel. Publications and moves (joins and leaves) are counted apart;
 * the sum of both counts, after the event, is its place in the channel's one order.
 */
sealed interface Event {
  /** Publications up to this event, itself included. */
  long offset();

  /** Moves up to this event, itself included. */
  long moves();

  default long sequence() {
    return offset() + moves();
  }

  /** About what it weighs in memory and on the wire. */
  int bytes();

  /** A publication, after {@code moves} moves. */
  record Published(Publication publication, long moves) implements Event {
    @Override
    public long offset() {
      return publication.offset();
    }

    @Override
    public int bytes() {
      return publication.size();
    }
  }

  /** A client's join or leave, after {@code offset} publications. */
  record Moved(boolean in, ClientInfo member, long offset, long moves) implements Event {
    @Override
    public int bytes() {
      return 128;
    }
  }
}
