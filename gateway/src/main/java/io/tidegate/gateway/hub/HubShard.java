package io.tidegate.gateway.hub;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.protocol.FrameWriter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of one event loop. Confined to that loop, but for {@link #offer}: other threads
 * hand over through one queue, bounded in count and bytes, with at most one drain task scheduled.
 *
 * <p>A pass takes what is queued, joins it per channel, writes one frame to each subscriber without
 * flushing, and at its end flushes each touched connection once. A write system call per message
 * and connection is four fifths of the cost of a fan-out; this is how it is not paid. Flushes, and
 * the writes of a lone batch, come in slices, between which the loop reads: commands do not wait
 * for all subscribers of a large channel.
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
  private final FrameWriter writer;
  private final long delayMillis;
  private final Thread loop;

  private final Queue<Task> queue = new MpscUnboundedArrayQueue<>(1024);
  private final AtomicInteger queuedEvents = new AtomicInteger();
  private final AtomicLong queuedWeight = new AtomicLong();
  private final AtomicBoolean drainScheduled = new AtomicBoolean();
  private final Queue<LocalChannel> lost = new ConcurrentLinkedQueue<>();

  private final Map<String, LocalChannel> channels = new HashMap<>();
  private final List<LocalChannel> batched = new ArrayList<>();
  private final Flushes flushes = new Flushes();
  private @Nullable Delivery delivery;
  private boolean flushScheduled;
  private boolean delivering;
  private boolean passOpen;
  private int passEvents;

  private record Task(LocalChannel local, Signal signal) {}

  /**
   * Makes the shard of the event loop that calls.
   *
   * @param delay how long what comes may wait for more to share a pass with; whole milliseconds
   */
  public HubShard(
      Hub hub,
      Context context,
      ShardBounds bounds,
      FrameWriter writer,
      Duration delay,
      ShardObserver observer) {
    this.hub = requireNonNull(hub, "hub");
    this.context = requireNonNull(context, "context");
    this.bounds = requireNonNull(bounds, "bounds");
    this.observer = requireNonNull(observer, "observer");
    this.writer = requireNonNull(writer, "writer");
    this.delayMillis = delay.toMillis();
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

  /** One String for the name of a channel that has subscribers here, which all of them may keep. */
  public String shared(String channel) {
    assert onLoop() : "HubShard off its event loop";
    LocalChannel local = channels.get(channel);
    return local == null ? channel : local.name;
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

  /**
   * Runs {@code flush} at the end of this pass, or soon where none delivers: what answers a command
   * does not wait for the flushes of a pass. The caller calls again only once it was run.
   */
  public void touch(Runnable flush) {
    assert onLoop() : "HubShard off its event loop";
    if (delivering) {
      flushes.ofPass(flush);
    } else {
      flushes.answer(flush);
      scheduleFlush();
    }
  }

  /** How many subscribers a channel has on this loop. */
  public int subscribers(String channel) {
    LocalChannel local = channels.get(channel);
    return local == null ? 0 : local.size();
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
    if (!drainScheduled.compareAndSet(false, true)) {
      return;
    }
    if (delayMillis == 0) {
      context.runOnContext(v -> drain());
    } else {
      context.runOnContext(v -> context.owner().setTimer(delayMillis, id -> drain()));
    }
  }

  private void drain() {
    assert onLoop() : "HubShard off its event loop";
    delivering = true;
    observer.passBegins();
    passEvents = 0;
    try {
      passEvents = pass();
    } finally {
      delivering = false;
      passOpen = true;
      flush();
    }
  }

  /** The next pass begins when this one is flushed, so that meanwhile more comes together. */
  private void endPass() {
    observer.passEnds(passEvents);
    drainScheduled.set(false);
    if (!queue.isEmpty() || !lost.isEmpty()) {
      scheduleDrain();
    }
  }

  private int pass() {
    int events = 0;
    int weight = 0;
    try {
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
      deliverBatches();
    } finally {
      batched.clear();
      queuedEvents.addAndGet(-events);
      queuedWeight.addAndGet(-weight);
    }
    if (queue.isEmpty()) {
      for (LocalChannel local = lost.poll(); local != null; local = lost.poll()) {
        hub.resume(local);
      }
    }
    return events;
  }

  /**
   * One batch alone goes out with its flushes, a slice of subscribers at a time, while their
   * connections are in the processor's cache.
   */
  private void deliverBatches() {
    if (batched.size() == 1) {
      LocalChannel local = batched.get(0);
      ChannelBatch batch = local.takeBatch();
      delivery = batch == null ? null : new Delivery(local, batch);
    } else {
      batched.forEach(this::deliver);
    }
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
      batch = new ChannelBatch(writer, event.presence() ? epochOf(local) : happened.epoch());
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

  /** At once; a slice at a time would not keep this channel's order in this pass. */
  private void deliver(LocalChannel local) {
    ChannelBatch batch = local.takeBatch();
    if (batch != null) {
      new Delivery(local, batch).all();
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

  private void scheduleFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      context.runOnContext(
          v -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  /** Delivers and flushes a slice of the pass, and flushes some answers; then the loop reads. */
  private void flush() {
    deliverSome();
    flushes.runSome();
    if (passOpen && delivery == null && flushes.passDone()) {
      passOpen = false;
      endPass();
    }
    if (delivery != null || !flushes.allDone()) {
      scheduleFlush();
    }
  }

  private void deliverSome() {
    Delivery underWay = delivery;
    if (underWay == null) {
      return;
    }
    delivering = true;
    delivery = null;
    try {
      delivery = underWay.some(Flushes.SLICE) ? null : underWay;
    } finally {
      delivering = false;
    }
  }

  /**
   * One subscriber's fault is its own: the pass goes on, and what was taken stays counted. Netty
   * throws an error of the virtual machine where there is no direct memory for one buffer.
   */
  static void safely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | OutOfMemoryError e) {
      log.error("subscriber failed", e);
    }
  }
}
