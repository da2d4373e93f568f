package io.tidegate.backplane.inbox;

import java.util.List;

/** What can be done to a shard, each in one step. */
public sealed interface ShardOp {
  /** The same step, for another try after one of which nobody knows what became. */
  default ShardOp again() {
    return this;
  }

  /**
   * Appends letters, those that fit.
   *
   * @param sender the node
   * @param number counts the node's appends to this shard from 1 on: a repeated one is answered as
   *     before and does nothing. 0 is never a repetition
   * @param capacity letters that the shard may hold
   */
  record Append(String sender, long number, int capacity, List<Letter> letters) implements ShardOp {
    public Append {
      letters = List.copyOf(letters);
    }
  }

  /**
   * Takes over what another branch of this shard holds and this one does not, whatever the shard
   * may hold otherwise. Its letters may have been handed out there, and may even have been
   * acknowledged here before.
   *
   * @param sender the node that held the branch
   * @param number one of the node's numbers of appends
   * @param branch is only read
   */
  record Absorb(String sender, long number, ShardState branch) implements ShardOp {}

  /**
   * Settles what was handed out, and hands out more. The group comes into being if need be.
   *
   * @param consumer unique, also among the consumers of a node
   * @param number counts the consumer's takes from this shard: a repeated one hands out the same
   * @param want letters at most
   * @param repeated whether it may have been carried out before
   */
  record Take(
      String group,
      String node,
      String consumer,
      long number,
      List<Settlement> settled,
      int want,
      long leaseMillis,
      boolean repeated)
      implements ShardOp {
    public Take {
      settled = List.copyOf(settled);
    }

    @Override
    public Take again() {
      return repeated
          ? this
          : new Take(group, node, consumer, number, settled, want, leaseMillis, true);
    }
  }

  /**
   * What became of a letter.
   *
   * @param taken the number of the consumer's take that the letter came with: what was handed out
   *     again since, or is another letter under the same sequence, is not meant
   * @param done false gives it back
   */
  record Settlement(long sequence, long taken, boolean done) {}

  /** Removes a group. */
  record Forget(String group) implements ShardOp {}
}
