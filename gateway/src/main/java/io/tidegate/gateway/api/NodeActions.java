package io.tidegate.gateway.api;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;

/** What the server API asks of this node's sessions. Thread-safe; never blocks. */
public interface NodeActions {
  /**
   * Subscribes the sessions that fit; completes with how many those were. One that is subscribed
   * already counts; fails where one of them could not be.
   */
  Future<Integer> subscribe(SubscribeRequest request);

  /** Takes the sessions that fit out of the channel; completes with how many fit. */
  Future<Integer> unsubscribe(UnsubscribeRequest request);

  /** Lets the sessions that fit expire later, or now; completes with how many those were. */
  Future<Integer> refresh(RefreshRequest request);

  /** Tells the sessions that fit; completes with how many those were. */
  Future<Integer> send(SendRequest request);

  /** Closes the sessions that fit; completes with how many those were. */
  Future<Integer> disconnect(DisconnectRequest request);

  /** What is open on this node now. */
  Future<NodeStats> stats();

  /**
   * The channels that are asked for, each with its subscribers on this node, one at least. Fails
   * with {@link ChannelsQuery#tooMany} where it would not be all of them.
   */
  Future<Map<String, Integer>> channels(ChannelsQuery query);

  /** Those of {@code channels} that have a subscriber on this node, with how many. */
  Future<Map<String, Integer>> subscribers(Collection<String> channels);
}
