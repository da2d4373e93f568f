package io.tidegate.backplane.inbox;

import java.util.List;

/** What became of a {@link ShardOp}. */
public sealed interface ShardAnswer {
  /**
   * To an {@link ShardOp.Append} or {@link ShardOp.Absorb}.
   *
   * @param accepted one for each letter, in their order
   * @param consumers nodes that may want to know
   */
  record Appended(List<Boolean> accepted, List<String> consumers) implements ShardAnswer {
    public Appended {
      accepted = List.copyOf(accepted);
      consumers = List.copyOf(consumers);
    }
  }

  /**
   * To a {@link ShardOp.Take}.
   *
   * @param more whether there would have been more
   * @param dueInMillis when a letter becomes due that is not yet; {@link Long#MAX_VALUE} for none
   */
  record Taken(List<Handed> letters, boolean more, long dueInMillis) implements ShardAnswer {
    public Taken {
      letters = List.copyOf(letters);
    }
  }

  /** A letter that was handed out. */
  record Handed(long sequence, int attempt, Letter letter) {}

  /** The group does not exist, and there are too many others. */
  record TooManyGroups() implements ShardAnswer {}

  /** To a {@link ShardOp.Forget}. */
  record Forgotten() implements ShardAnswer {}
}
