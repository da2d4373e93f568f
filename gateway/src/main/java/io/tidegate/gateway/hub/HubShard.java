package io.tidegate.gateway.hub;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of one event loop. Confined to that loop, but for {@link #offer}: other threads
 * hand over through one queue, bounded in count and bytes, with at most one drain task scheduled.
 *
 * <p>A pass takes what is queued, joins it per channel, writes one frame to each subscriber without
 * flushing, and at its end flushes each touched connection once. A write system call per message
 * and connection is four fifths of the cost of a fan-out; this is how it is not paid.
 */
public final class HubShard {
  private static final Logger log = LoggerFactory.getLogger(HubShard.class);

  private static final int PASS_SIGNALS = 1024;
  private static final int PASS_WEIGHT = 4 << 20;
  private static final int FRAME_WEIGHT = 64 << 10;

  private final Hub hub;
  private final Context context;
  private final ShardObserver observer;
  private final ShardBounds bounds;
  private final Thread loop;

  private final Queue<Task> queue = new MpscUnboundedArrayQueue<>(1024);
  private final AtomicInteger queuedEvents = new AtomicInteger();
  private final AtomicLong queuedWeight = new AtomicLong();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final Queue<LocalChannel> lost = new ConcurrentLinkedQueue<>();

  private final Map<String, LocalChannel> channels = new HashMap<>();
  private final List<LocalChannel> batched = new ArrayList<>();
  private List<Runnable> touched = new ArrayList<>();
  private List<Runnable> flushing = new ArrayList<>();
  private boolean flushScheduled;
  private boolean draining;

  private record Task(LocalChannel local, Signal signal) {}

  /** Makes the shard of the event loop that calls. */
  public HubShard(Hub hub, Context context, ShardBounds bounds, ShardObserver observer) {
    this.hub = requireNonNull(hub, "hub");
    this.context = requireNonNull(context, "context");
    this.bounds = requireNonNull(bounds, "bounds");
    this.observer = requireNonNull(observer, "observer");
    this.loop = Thread.currentThread();
  }

  /**
   * Adds a subscriber. The future completes on the loop, in the same task from which on the
   * subscriber is delivered to, with the position that it starts from; it fails with a {@link
   * BackplaneException}.
   */
  public Future<StreamPosition> subscribe(
      String channel, StreamPolicy policy, Subscriber subscriber) {
    assert onLoop() : "HubShard off its event loop";
    LocalChannel local = channels.get(channel);
    boolean first = local == null;
    if (local == null) {
      local = new LocalChannel(channel, this);
      channels.put(channel, local);
    }
    local.add(subscriber);
    if (local.position != null) {
      return Future.succeededFuture(local.position);
    }
    Promise<StreamPosition> promise = Promise.promise();
    local.await(subscriber, promise);
    if (first) {
      hub.enter(local, policy);
    }
    return promise.future();
  }

  /** Removes a subscriber; one that was not answered yet gets {@link Reason#CLOSED}. */
  public void unsubscribe(String channel, StreamPolicy policy, Subscriber subscriber) {
    assert onLoop() : "HubShard off its event loop";
    LocalChannel local = channels.get(channel);
    if (local == null || !local.remove(subscriber)) {
      return;
    }
    Promise<StreamPosition> waiting = local.takeWaiting(subscriber);
    if (local.isEmpty()) {
      channels.remove(channel, local);
      hub.leave(local, policy);
    }
    if (waiting != null) {
      waiting.fail(new BackplaneException(Reason.CLOSED, "unsubscribed meanwhile"));
    }
  }

  /** Where this loop stands in a channel; call it for channels with a live subscriber only. */
  public StreamPosition position(String channel) {
    assert onLoop() : "HubShard off its event loop";
    LocalChannel local = channels.get(channel);
    if (local == null || local.position == null) {
      throw new IllegalStateException("position: no live subscriber here");
    }
    return local.position;
  }

  /** Runs {@code flush} once at the end of this pass. The caller calls once per pass. */
  public void touch(Runnable flush) {
    assert onLoop() : "HubShard off its event loop";
    touched.add(flush);
    if (!draining && !flushScheduled) {
      flushScheduled = true;
      context.runOnContext(v -> flushTouched());
    }
  }

  /** Channels with a subscriber on this loop. Approximate when read from another thread. */
  public int channels() {
    return channels.size();
  }

  boolean onLoop() {
    return Thread.currentThread() == loop;
  }

  /**
   * Hands an event over to the loop; false where too much waits there already. From any thread,
   * under the channel's monitor.
   */
  boolean offer(LocalChannel local, Signal.Happened happened) {
    if (queuedEvents.get() >= bounds.events() || queuedWeight.get() >= bounds.bytes()) {
      return false;
    }
    queuedEvents.incrementAndGet();
    queuedWeight.addAndGet(happened.event().weight());
    tell(local, happened);
    return true;
  }

  /**
   * Hands over what must not be refused; a bounded number per channel. Otherwise as {@link #offer}.
   */
  void tell(LocalChannel local, Signal signal) {
    queue.add(new Task(local, signal));
    scheduleDrain();
  }

  void offerLost(LocalChannel local) {
    lost.add(local);
    scheduleDrain();
  }

  private void scheduleDrain() {
    if (drainScheduled.compareAndSet(false, true)) {
      context.runOnContext(v -> drain());
    }
  }

  private void drain() {
    assert onLoop() : "HubShard off its event loop";
    draining = true;
    observer.passBegins();
    int events = 0;
    try {
      events = pass();
    } finally {
      draining = false;
      flushTouched();
      observer.passEnds(events);
      drainScheduled.set(false);
      if (!queue.isEmpty() || !lost.isEmpty()) {
        scheduleDrain();
      }
    }
  }

  private int pass() {
    int events = 0;
    int weight = 0;
    for (int taken = 0; taken < PASS_SIGNALS && weight < PASS_WEIGHT; taken++) {
      Task task = queue.poll();
      if (task == null) {
        break;
      }
      if (task.signal instanceof Signal.Happened happened) {
        events++;
        weight += happened.event().weight();
      }
      handle(task.local, task.signal);
    }
    for (int i = 0; i < batched.size(); i++) {
      deliver(batched.get(i));
    }
    batched.clear();
    queuedEvents.addAndGet(-events);
    queuedWeight.addAndGet(-weight);
    if (queue.isEmpty()) {
      for (LocalChannel local = lost.poll(); local != null; local = lost.poll()) {
        hub.resume(local);
      }
    }
    return events;
  }

  private void handle(LocalChannel local, Signal signal) {
    if (channels.get(local.name) != local) {
      return;
    }
    if (signal instanceof Signal.Happened happened) {
      enqueue(local, happened);
    } else if (signal instanceof Signal.Entered entered) {
      enter(local, entered.position());
    } else if (signal instanceof Signal.Discontinued gap) {
      deliver(local);
      discontinue(local, gap.resumed(), gap.cause());
    } else if (signal instanceof Signal.Presence) {
      deliver(local);
      resetPresence(local);
    } else if (signal instanceof Signal.Refused refused) {
      channels.remove(local.name, local);
      local.takeWaiting().forEach(w -> safely(() -> w.promise().fail(refused.cause())));
    }
  }

  private void enter(LocalChannel local, StreamPosition position) {
    local.position = position;
    local.takeWaiting().forEach(w -> safely(() -> w.promise().complete(position)));
  }

  private void enqueue(LocalChannel local, Signal.Happened happened) {
    ChannelEvent event = happened.event();
    ChannelBatch batch = local.batch;
    if (batch != null && batch.weight() + event.weight() > FRAME_WEIGHT) {
      deliver(local);
      batch = null;
    }
    if (batch == null) {
      batch = new ChannelBatch(event.presence() ? epochOf(local) : happened.epoch());
      local.batch = batch;
      batched.add(local);
    }
    batch.add(event);
    if (!event.presence()) {
      local.position = new StreamPosition(happened.epoch(), event.offset());
      observer.received(event.timeMillis());
    }
  }

  private static String epochOf(LocalChannel local) {
    StreamPosition position = local.position;
    return position == null ? "" : position.epoch();
  }

  private void deliver(LocalChannel local) {
    ChannelBatch batch = local.batch;
    if (batch == null) {
      return;
    }
    local.batch = null;
    try {
      // From the end: a subscriber that goes while it is delivered to is replaced by the last one.
      for (int i = local.size() - 1; i >= 0; i--) {
        // Not by safely(): no allocation per subscriber.
        try {
          local.subscriber(i).deliver(batch);
        } catch (RuntimeException e) {
          log.error("delivery failed events={}", batch.events().size(), e);
        }
      }
    } finally {
      batch.release();
    }
  }

  private static void discontinue(LocalChannel local, StreamPosition resumed, GapCause cause) {
    local.position = resumed;
    for (int i = local.size() - 1; i >= 0; i--) {
      Subscriber subscriber = local.subscriber(i);
      safely(() -> subscriber.discontinued(resumed, cause));
    }
  }

  private static void resetPresence(LocalChannel local) {
    for (int i = local.size() - 1; i >= 0; i--) {
      safely(local.subscriber(i)::presenceReset);
    }
  }

  private void flushTouched() {
    flushScheduled = false;
    List<Runnable> now = touched;
    touched = flushing;
    flushing = now;
    for (int i = 0; i < now.size(); i++) {
      safely(now.get(i));
    }
    now.clear();
  }

  /** One subscriber's fault is its own: the pass goes on, and what was taken stays counted. */
  private static void safely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("subscriber failed", e);
    }
  }
}
