package io.tidegate.backplane;

import io.vertx.core.Future;
import java.time.Duration;

/**
 * Messages of clients on their way to backend services. An inbox belongs to a service by name; its
 * messages wait in the store until every group of consumers has acknowledged them. An
 * implementation keeps these promises; the contract suite tests each by its number.
 *
 * <ol>
 *   <li>{@link #append} completes when the store has the message as safely as it is configured to.
 *       From then on the message is handed to each group of consumers at least once, whichever node
 *       or consumer dies. An implementation's own retries never append twice.
 *   <li>An inbox is bounded ({@link InboxPolicy}, {@link #SHARD_BYTES}). A full one fails with
 *       {@link BackplaneException.Reason#OVERLOADED} at once; nothing waits outside the store. A
 *       message that would not fit into an empty one fails with {@code LIMIT}.
 *   <li>Within a group, messages of one client ({@link ServiceMessage#client}) are handed out in
 *       the order in which they were appended, and the next ones only when those before are
 *       acknowledged. Messages of different clients may be handled at the same time.
 *   <li>A message is acknowledged when the handler's future succeeds. If it fails, the message is
 *       handed out again after a pause that grows with each attempt, up to {@link #LONGEST_PAUSE};
 *       if its consumer's node dies or closes, or the lease passes, at once. Each time {@link
 *       ServiceDelivery#attempt} is higher. A message whose {@link ServiceMessage#expiresMillis}
 *       has passed is acknowledged without being handed out.
 *   <li>{@link #request} completes with the first answer that a consumer gives, or fails within its
 *       timeout. An answer that nobody waits for any more is dropped.
 *   <li>A group exists from its first consumer on, and gets what the inbox held then. It keeps its
 *       place while it has no consumer; {@link #forget} removes it.
 * </ol>
 *
 * <p>Thread-safe; never blocks the caller. A future completes on the Vert.x context it was asked
 * on, and fails with a {@link BackplaneException} only.
 */
public interface ServiceInbox {
  /**
   * Parts of an inbox. A message goes into the one that its client's id decides, see {@link
   * ServiceMessage#shard}. At least one message of each shard can be handled at the same time.
   */
  int SHARDS = 16;

  /** Bytes of messages that a shard holds at most, as {@link ServiceMessage#bytes} counts them. */
  int SHARD_BYTES = 1 << 20;

  /** The longest wait before a message that failed is handed out again. */
  Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** Groups of one inbox at most. */
  int GROUPS = 8;

  /** Puts {@code message} into the inbox of {@code service}. */
  Future<Void> append(String service, InboxPolicy policy, ServiceMessage message);

  /**
   * Appends {@code message}, and completes with its answer.
   *
   * @param timeout for both; {@code UNAVAILABLE} or {@code OVERLOADED} when it was not appended,
   *     {@code INDETERMINATE} when it was, or may have been, and no answer came
   */
  Future<ServiceAnswer> request(
      String service, InboxPolicy policy, ServiceMessage message, Duration timeout);

  /**
   * Starts to hand messages to {@code handler} until the consumption is closed. Fails with {@code
   * LIMIT} when the inbox has {@link #GROUPS} others.
   */
  Future<Consumption> consume(ConsumerSettings settings, ServiceHandler handler);

  /**
   * Removes a group: what waited for it alone goes. No such group, no effect. A consumer that is
   * still at work makes it anew.
   */
  Future<Void> forget(String service, String group);

  /** A consumer at work. Thread-safe. */
  interface Consumption {
    /**
     * Takes no more messages, and completes when those being handled are acknowledged or given
     * back, within the lease. Idempotent.
     */
    Future<Void> close();
  }
}
