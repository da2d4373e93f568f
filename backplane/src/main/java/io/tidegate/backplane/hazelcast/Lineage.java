package io.tidegate.backplane.hazelcast;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The epoch that a stream is written in, and where its last few parents ended, the newest first.
 * Immutable.
 */
record Lineage(String epoch, List<Place> parents) {
  private static final int PARENTS_AT_MOST = 4;

  Lineage {
    parents = List.copyOf(parents);
  }

  static Lineage start(String epoch) {
    return new Lineage(epoch, List.of());
  }

  /** The lineage after a fork at {@code end}, the last place of the present epoch. */
  Lineage fork(String newEpoch, long offset, long moves) {
    List<Place> next = new ArrayList<>(parents.size() + 1);
    next.add(new Place(epoch, offset, moves));
    next.addAll(parents.subList(0, Math.min(parents.size(), PARENTS_AT_MOST - 1)));
    return new Lineage(newEpoch, next);
  }

  /**
   * The last place that {@code ofEpoch} shares with this stream, whose present end is {@code
   * offset, moves}; null if that epoch is not of this lineage. A parent's end is capped by the ends
   * of all later parents.
   */
  @Nullable Place end(String ofEpoch, long offset, long moves) {
    long sharedOffset = offset;
    long sharedMoves = moves;
    if (ofEpoch.equals(epoch)) {
      return new Place(epoch, sharedOffset, sharedMoves);
    }
    for (Place parent : parents) {
      sharedOffset = Math.min(sharedOffset, parent.offset());
      sharedMoves = Math.min(sharedMoves, parent.moves());
      if (parent.epoch().equals(ofEpoch)) {
        return new Place(ofEpoch, sharedOffset, sharedMoves);
      }
    }
    return null;
  }
}
