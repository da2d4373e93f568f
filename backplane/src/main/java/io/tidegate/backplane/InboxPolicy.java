package io.tidegate.backplane;

/**
 * How much an inbox holds. The configuration of a service decides it, so every node passes the
 * same.
 *
 * @param capacity messages at most that wait or are being handled; each shard has its even share of
 *     it, so one busy client cannot take all of it
 */
public record InboxPolicy(int capacity) {
  public InboxPolicy {
    if (capacity < ServiceInbox.SHARDS) {
      throw new IllegalArgumentException(
          "capacity: " + capacity + " (expected: >= " + ServiceInbox.SHARDS + ")");
    }
  }

  /** Messages that one shard holds at most. */
  public int perShard() {
    return capacity / ServiceInbox.SHARDS;
  }
}
