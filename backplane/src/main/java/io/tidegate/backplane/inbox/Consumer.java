package io.tidegate.backplane.inbox;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceDelivery;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer at work: takes letters from the shards, as many as it may handle, and tells them
 * what became of each. Confined to its Vert.x context, but for {@link #wake}, {@link #stop} and
 * {@link #close}.
 *
 * <p>A shard has one take under way at most, which also carries what is to be settled; one that
 * failed is repeated as it was. A shard is asked when it was woken, when something in it becomes
 * due, and now and then in case a wake got lost.
 */
final class Consumer implements Consumption {
  private static final Logger log = LoggerFactory.getLogger(Consumer.class);
  private static final int LETTERS_PER_TAKE = 32;
  private static final long TICK_MILLIS = 50;
  private static final long POLL_NANOS = 1_000_000_000L;

  private final VertxInternal vertx;
  private final Context context;
  private final InboxStore store;
  private final LongSupplier nanoTime;
  private final ConsumerSettings settings;
  private final ServiceHandler handler;
  private final List<ShardPump> pumps;
  private final AtomicIntegerArray woken = new AtomicIntegerArray(ServiceInbox.SHARDS);
  private final Set<Out> outs = new LinkedHashSet<>();
  private final Promise<Void> closed = Promise.promise();
  private int reserved;
  private int nextPump;
  private long nextPoll;
  private long timer = -1;
  private boolean closing;
  private long closeUntil;
  private volatile boolean stopped;

  /** A letter in the handler's hands. */
  private record Out(ShardPump pump, long taken, ShardAnswer.Handed handed, long untilNanos) {}

  Consumer(
      VertxInternal vertx,
      InboxStore store,
      LongSupplier nanoTime,
      String nodeId,
      String id,
      ConsumerSettings settings,
      ServiceHandler handler) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.store = store;
    this.nanoTime = nanoTime;
    this.settings = settings;
    this.handler = handler;
    this.pumps =
        ShardKey.all(settings.service()).stream()
            .map(shard -> new ShardPump(shard, settings, nodeId, id))
            .toList();
  }

  String service() {
    return settings.service();
  }

  /** Lets {@code step} run once this has ended. */
  void whenClosed(Runnable step) {
    closed.future().onComplete(done -> step.run());
  }

  /** Makes the group known to every shard, and starts to take. Once only. */
  Future<Void> open() {
    // The first shard decides which groups there are, so that no two shards decide differently.
    Future<Void> first = open(pumps.get(0));
    return first
        .compose(
            known -> Future.all(pumps.stream().skip(1).map(this::open).toList()).<Void>mapEmpty())
        .onSuccess(known -> context.runOnContext(v -> start()));
  }

  private Future<Void> open(ShardPump pump) {
    return store
        .take(pump.shard(), pump.opening())
        .compose(
            answer ->
                answer instanceof ShardAnswer.TooManyGroups
                    ? Future.failedFuture(
                        new BackplaneException(Reason.LIMIT, "the inbox has too many groups"))
                    : Future.succeededFuture());
  }

  private void start() {
    if (!stopped && !closing) {
      nextPoll = nanoTime.getAsLong() + POLL_NANOS;
      timer = vertx.setPeriodic(TICK_MILLIS, id -> tick());
      pumps.forEach(ShardPump::want);
      runAll();
    }
  }

  /** There may be something new in the shard. Any thread. */
  void wake(int shard) {
    if (!woken.compareAndSet(shard, 0, 1)) {
      return;
    }
    onContext(
        () -> {
          woken.set(shard, 0);
          pumps.get(shard).want();
          run(pumps.get(shard));
        });
  }

  /** Ends at once: what is being handled counts as not handled. Any thread. */
  void stop() {
    stopped = true;
    context.runOnContext(v -> end());
  }

  @Override
  public Future<Void> close() {
    Promise<Void> answer = vertx.promise();
    closed.future().onComplete(answer);
    onContext(
        () -> {
          if (!closing) {
            closing = true;
            closeUntil = nanoTime.getAsLong() + settings.lease().toNanos();
            checkClosed();
          }
        });
    return answer.future();
  }

  private void tick() {
    long now = nanoTime.getAsLong();
    for (Out out : List.copyOf(outs)) {
      if (now - out.untilNanos() >= 0) {
        log.warn(
            "message not handled within its lease service={} group={} attempt={}",
            settings.service(),
            settings.group(),
            out.handed().attempt());
        outs.remove(out);
        out.pump().want();
      }
    }
    if (now - nextPoll >= 0) {
      nextPoll = now + POLL_NANOS;
      pumps.forEach(ShardPump::want);
    }
    for (ShardPump pump : pumps) {
      if (pump.isDue(now)) {
        pump.want();
      }
      ShardOp.Take again = pump.takeToRepeat(now);
      if (again != null) {
        send(pump, again);
      }
    }
    runAll();
    checkClosed();
  }

  /** Lets each shard that wants have a turn at the free places, another first each time. */
  private void runAll() {
    int first = nextPump++;
    for (int i = 0; i < pumps.size(); i++) {
      run(pumps.get(Math.floorMod(first + i, pumps.size())));
    }
  }

  private void run(ShardPump pump) {
    int free = closing ? 0 : settings.concurrency() - outs.size() - reserved;
    ShardOp.Take take = pump.nextTake(Math.max(0, Math.min(free, LETTERS_PER_TAKE)));
    if (take != null) {
      reserved += take.want();
      send(pump, take);
    }
  }

  private void send(ShardPump pump, ShardOp.Take take) {
    store
        .take(pump.shard(), take)
        .onComplete(answer -> onContext(() -> answered(pump, take, answer)));
  }

  private void answered(ShardPump pump, ShardOp.Take take, AsyncResult<ShardAnswer> answer) {
    long now = nanoTime.getAsLong();
    if (answer.failed()) {
      log.debug("take failed shard={}: {}", pump.shard(), answer.cause().toString());
      pump.failed(now);
      return;
    }
    reserved -= take.want();
    pump.answered(answer.result(), now);
    if (answer.result() instanceof ShardAnswer.Taken taken) {
      for (ShardAnswer.Handed handed : taken.letters()) {
        if (closing) {
          pump.settle(new ShardOp.Settlement(handed.sequence(), take.number(), false));
        } else {
          handle(pump, take.number(), handed, now);
        }
      }
    }
    runAll();
    checkClosed();
  }

  private void handle(ShardPump pump, long taken, ShardAnswer.Handed handed, long now) {
    var out = new Out(pump, taken, handed, now + settings.lease().toNanos());
    outs.add(out);
    handling(new ServiceDelivery(handed.letter().message(), handed.attempt()))
        .onComplete(done -> onContext(() -> handled(out, done)));
  }

  private Future<ServiceAnswer> handling(ServiceDelivery delivery) {
    try {
      return requireNonNull(handler.handle(delivery), "future of the handler");
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  private void handled(Out out, AsyncResult<ServiceAnswer> done) {
    Letter letter = out.handed().letter();
    ServiceAnswer answer = done.succeeded() ? done.result() : null;
    if (answer == null) {
      log.warn(
          "handler failed service={} group={} attempt={}: {}",
          settings.service(),
          settings.group(),
          out.handed().attempt(),
          String.valueOf(done.cause()));
      settle(out, false);
    } else if (letter.message().kind() == ServiceMessage.Kind.RPC && !letter.replyTo().isEmpty()) {
      // Before it is acknowledged: if this node dies in between, the client is answered twice, not
      // never. And as long as it keeps its place, so that answers do not pile up.
      store
          .answer(letter.replyTo(), letter.message().id(), answer)
          .onComplete(sent -> onContext(() -> settle(out, true)));
    } else {
      settle(out, true);
    }
  }

  private void settle(Out out, boolean done) {
    out.pump().settle(new ShardOp.Settlement(out.handed().sequence(), out.taken(), done));
    outs.remove(out);
    runAll();
  }

  private void checkClosed() {
    boolean idle = outs.isEmpty() && pumps.stream().allMatch(ShardPump::isIdle);
    if (closing && (idle || nanoTime.getAsLong() - closeUntil >= 0)) {
      stopped = true;
      end();
    } else if (closing && timer == -1) {
      timer = vertx.setPeriodic(TICK_MILLIS, id -> tick());
    }
  }

  private void end() {
    if (timer != -1 && !vertx.cancelTimer(timer)) {
      log.debug("timer was gone service={}", settings.service());
    }
    timer = -1;
    outs.clear();
    closed.tryComplete();
  }

  private void onContext(Runnable step) {
    context.runOnContext(
        v -> {
          if (!stopped) {
            step.run();
          }
        });
  }
}
