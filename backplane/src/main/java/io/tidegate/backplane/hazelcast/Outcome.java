package io.tidegate.backplane.hazelcast;

import java.util.List;

/** What became of a {@link Command}. */
sealed interface Outcome {
  /** Published here. */
  record Appended(long offset, long moves, long timeMillis) implements Outcome {}

  /** The idempotency key was known: nothing was appended, the first one is at {@code offset}. */
  record Duplicate(long offset) implements Outcome {}

  /** Presence agrees; {@code events} are the moves to be told. */
  record Moves(List<Event.Moved> events) implements Outcome {
    static final Moves NONE = new Moves(List.of());

    public Moves {
      events = List.copyOf(events);
    }
  }

  /**
   * The answer to an {@link Command.Assert}: where the channel stands.
   *
   * @param moves moves to be told, made by the assertion itself
   * @param mine entries of the asking node
   * @param events those after the place asked for, as far as they are kept, in order
   * @param complete whether {@code events} reach up to {@code offset} and {@code heldMoves}
   */
  record Standing(
      List<Event.Moved> moves,
      Lineage lineage,
      long offset,
      long heldMoves,
      int mine,
      List<Event> events,
      boolean complete)
      implements Outcome {
    public Standing {
      moves = List.copyOf(moves);
      events = List.copyOf(events);
    }

    Place top() {
      return new Place(lineage.epoch(), offset, heldMoves);
    }
  }

  /** The channel has as many members as it may. */
  record Full() implements Outcome {}
}
