package io.tidegate.backplane;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Streams of publications, shared by all nodes. An implementation keeps these promises; the
 * contract suite tests each by its number.
 *
 * <ol>
 *   <li>Publications of one channel reach the node's {@link BackplaneListener} in offset order,
 *       each at most once, and calls for one channel never overlap.
 *   <li>Look-up of the idempotency key, append, assignment of the offset and publishing are one
 *       atomic step, whoever publishes and from wherever. An implementation's own retries never
 *       append twice.
 *   <li>After any doubt of loss the missed publications are refilled from history in order; where
 *       that cannot be done, {@link BackplaneListener#discontinued} comes before the next
 *       publication. This holds for channels that have gone quiet, too.
 *   <li>An unavailable store fails the future with a {@link BackplaneException} within the
 *       deadline; nothing hangs, nothing queues without bound.
 *   <li>A node hears nothing of channels that it has not joined.
 *   <li>{@link #join} answers the position from which on the node hears everything.
 *   <li>A position is never valid in two histories. Whenever a copy of the data takes over that was
 *       not handed over by a living owner, the stream forks: a new epoch, the parent kept as
 *       (epoch, offset at the fork), offsets going on from there. A position in a parent epoch at
 *       or below the fork still continues; above it, it is {@link HistoryPage.Continuity#FOREIGN}.
 *   <li>Expiry touches history only: a channel that a node has joined, or whose position a client
 *       may still bring back ({@code historyTtl} plus {@link #POSITION_MARGIN}), keeps its epoch.
 * </ol>
 *
 * <p>Thread-safe; never blocks the caller. A future completes on the Vert.x context it was asked
 * on, and fails with a {@link BackplaneException} only.
 */
public interface Backplane {
  /** How long an idempotency key is remembered. */
  Duration IDEMPOTENCY_WINDOW = Duration.ofMinutes(5);

  /** Idempotency keys remembered per channel at most; older ones give way. */
  int IDEMPOTENCY_KEYS = 256;

  /**
   * How long an unused stream outlives its history, so that positions still out there stay valid.
   */
  Duration POSITION_MARGIN = Duration.ofMinutes(10);

  /** Appends and publishes; completes when the store has it as safely as it is configured to. */
  Future<PublishResult> publish(PublishRequest request);

  /**
   * Starts hearing {@code channel}: publications above the answered position, and joins and leaves
   * that happen later. They may arrive before the future completes. Idempotent.
   */
  Future<StreamPosition> join(String channel, StreamPolicy policy);

  /**
   * Stops hearing {@code channel}. What is on its way may still arrive until the future completes.
   * Idempotent. The caller orders joins and leaves of one channel: the next starts when the last
   * one's future has completed.
   */
  Future<Void> leave(String channel);

  /** Reads the stream; a channel never used before gets its epoch here. */
  Future<HistoryPage> history(String channel, StreamPolicy policy, HistoryQuery query);

  /**
   * Removes all publications that are there at one instant; the stream's position and the
   * idempotency keys stay, so who is at the top goes on, and who is behind it finds that it missed
   * something. Done again it also removes what was published in between; so may a repetition of one
   * whose outcome is unknown, which an implementation may make by itself.
   */
  Future<Void> removeHistory(String channel, StreamPolicy policy);
}
