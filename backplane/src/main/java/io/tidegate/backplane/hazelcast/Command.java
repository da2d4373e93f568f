package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node asks of a channel, as an item of a numbered {@link Batch}. */
sealed interface Command {
  /** Appends; the request's channel is the batch's. */
  record Publish(PublishRequest request) implements Command {}

  /**
   * Makes the channel's state agree with what the node holds: whether it is interested, and which
   * entries are its own. Changes nothing where they agree, so it is join, leave, comparison and
   * repair in one.
   *
   * @param policy what the stream keeps, absent when the node does not know
   * @param since answer the events after this place, too
   * @param entries the node's entries by client; absent leaves them as they are
   */
  record Assert(
      boolean interested,
      @Nullable StreamPolicy policy,
      @Nullable Place since,
      @Nullable Map<String, Entry> entries)
      implements Command {}

  /** Enters a member, or replaces the node's entry of the same client. */
  record Add(ClientInfo member, boolean announced) implements Command {}

  /** Removes an entry of this node. */
  record Remove(String client) implements Command {}

  /** A presence entry as its node knows it. */
  record Entry(ClientInfo member, boolean announced) {}
}
