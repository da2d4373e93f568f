package io.tidegate.backplane.hazelcast;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardState;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that is a member: its parts, and what the grid's own events mean to them. Confined to the
 * node's thread, but for what says otherwise.
 */
final class RunningNode {
  private static final Logger log = LoggerFactory.getLogger(RunningNode.class);
  private static final long HELLO_NANOS = 3_000_000_000L;
  private static final long QUIET_NANOS = 5_000_000_000L;
  private static final long GOODBYE_NANOS = 1_000_000_000L;

  private final Grid grid;
  private final LocalMember member;
  private final NodeThread thread;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private final LongSupplier nanoTime;
  private final long stallNanos;
  private final RecentlyGone gone = new RecentlyGone();
  private final Channels channels;
  private final Readings readings;
  private final ShardLinks shards;
  private final Consumer<ServiceMail> mails;
  private final Asking asking;
  private final Sweeper sweeper;
  private Map<ShardKey, ShardState> shardsToBring = Map.of();
  private @Nullable Greeting greeting;
  private @Nullable Runnable onQuiet;
  private long quietUntil;
  private int generation;
  private boolean closing;
  private boolean ended;
  private final boolean isService;
  private volatile boolean presenceOpen;

  RunningNode(
      Grid grid,
      LocalMember member,
      NodeThread thread,
      NodeInfo node,
      boolean isService,
      Duration heartbeatTimeout,
      BackplaneListener listener,
      CommandHandler commands,
      Consumer<ServiceMail> mails,
      BackplaneMetrics metrics,
      LongSupplier nanoTime,
      RandomGenerator random,
      Executor searchThread) {
    this.isService = isService;
    this.presenceOpen = !isService;
    this.grid = grid;
    this.member = member;
    this.thread = thread;
    this.listener = listener;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.stallNanos = heartbeatTimeout.toNanos();
    this.channels = new Channels(thread, grid, listener, metrics, nanoTime, random, gone);
    this.readings = new Readings(grid, nanoTime, channels::pause);
    this.mails = mails;
    this.shards =
        new ShardLinks(
            (shard, op, answer) -> grid.run(shard, new RunShardOp(op), answer),
            (shard, nodes) -> grid.wake(shard, nodes, node.id(), mails),
            node.id(),
            nanoTime,
            channels::pause);
    this.asking = new Asking(grid, node, commands, nanoTime, thread);
    this.sweeper = new Sweeper(grid, channels, gone, metrics, nanoTime, searchThread, thread);
  }

  NodeThread thread() {
    return thread;
  }

  Grid grid() {
    return grid;
  }

  Channels channels() {
    return channels;
  }

  Readings readings() {
    return readings;
  }

  ShardLinks shards() {
    return shards;
  }

  Asking asking() {
    return asking;
  }

  /** Whether it answers no calls any more: it closes, or its member has ended. */
  boolean isOver() {
    return closing || ended;
  }

  /** False for a service, and from when the lease is lost until the listener is done with it. */
  boolean isPresenceOpen() {
    return presenceOpen;
  }

  /** Opens the inbox, listens to the grid, and meets the other nodes; then {@code met}. */
  void open(Runnable met) {
    member.open(
        new Inbox(
            thread,
            channels::receive,
            question -> asking.receive(question, channels.self()),
            asking::receive,
            mails));
    var instance = grid.instance();
    var membership = instance.getCluster().addMembershipListener(new Membership());
    var partitions =
        instance
            .getPartitionService()
            .addPartitionLostListener(lost -> thread.execute(channels::doubtAll));
    var lifecycle =
        instance.getLifecycleService().addLifecycleListener(event -> changed(event.getState()));
    assert membership != null && partitions != null && lifecycle != null;
    metrics.up(true);
    greet(Question.Kind.HELLO, HELLO_NANOS, met);
  }

  /** Gives back presence and interest, tells the others, then {@code quiet}; within seconds. */
  void close(Runnable quiet) {
    closing = true;
    readings.close();
    shards.close();
    asking.close();
    channels.close();
    quietUntil = nanoTime.getAsLong() + QUIET_NANOS;
    onQuiet = quiet;
    checkQuiet();
  }

  void tick(long lateNanos) {
    long now = nanoTime.getAsLong();
    if (lateNanos > stallNanos) {
      log.warn("node stood still millis={}", lateNanos / 1_000_000);
      channels.doubtAll();
    }
    gone.forgetOld(now);
    channels.tick();
    readings.tick();
    shards.tick();
    asking.tick();
    if (!closing) {
      sweeper.tick();
    }
    if (greeting != null) {
      greeting.tick();
    }
    checkQuiet();
  }

  private void greet(Question.Kind kind, long patienceNanos, Runnable done) {
    greeting =
        new Greeting(grid, Question.bare(kind, channels.self()), nanoTime, patienceNanos, done);
    greeting.tick();
  }

  private void checkQuiet() {
    Runnable quiet = onQuiet;
    if (quiet == null) {
      return;
    }
    boolean late = nanoTime.getAsLong() - quietUntil >= 0;
    boolean isQuiet = channels.isQuiet() && shards.isQuiet();
    if (!isQuiet && !late) {
      return;
    }
    if (!isQuiet) {
      log.warn("node leaves without having given back everything");
    }
    onQuiet = null;
    greet(Question.Kind.GOODBYE, GOODBYE_NANOS, quiet);
  }

  private void memberGone(UUID uuid) {
    gone.add(uuid, nanoTime.getAsLong());
    member.learnGone(List.of(uuid));
    asking.memberGone(uuid);
    channels.memberGone(uuid);
    if (!closing) {
      sweeper.memberGone();
    }
  }

  /** Called on Hazelcast's threads. */
  private void changed(LifecycleState state) {
    switch (state) {
      case MERGING -> {
        presenceOpen = false;
        member.forgetGone();
        member.moveShards(true);
        Map<ShardKey, ShardState> held = ownShards();
        thread.execute(() -> merging(held));
      }
      case MERGED, MERGE_FAILED -> {
        member.moveShards(false);
        thread.execute(this::merged);
      }
      case SHUTDOWN -> thread.execute(this::ended);
      default -> {}
    }
  }

  private Map<ShardKey, ShardState> ownShards() {
    try {
      return new HeldShards(grid::shardsAt, grid::shardNamesAt, nanoTime)
          .read(grid.ownPartitions());
    } catch (RuntimeException e) {
      log.error("messages to services that this side of a split accepted are lost", e);
      return Map.of();
    }
  }

  private void merging(Map<ShardKey, ShardState> held) {
    log.warn("node joins the other side of a split");
    generation++;
    shardsToBring = held;
    gone.forgetAll();
    metrics.up(false);
    channels.fallSilent();
  }

  private void merged() {
    gone.forgetAll();
    member.forgetGone();
    log.info("node goes on as another member");
    channels.speakAs(grid.localMember());
    shards.bringOver(shardsToBring);
    shardsToBring = Map.of();
    metrics.up(true);
    metrics.reconnected();
    loseLease();
  }

  private void ended() {
    if (!closing) {
      ended = true;
      log.error("the grid's member ended by itself; the process has to be started again");
      presenceOpen = false;
      metrics.up(false);
      channels.fallSilent();
      loseLease();
    }
  }

  private void loseLease() {
    int lost = generation;
    Future<Void> done;
    try {
      done = listener.leaseLost();
    } catch (RuntimeException e) {
      log.error("listener failed", e);
      done = Future.succeededFuture();
    }
    done.onComplete(
        result ->
            thread.execute(
                () -> {
                  if (lost == generation && !channels.isSilent()) {
                    presenceOpen = !isService;
                  }
                }));
  }

  private final class Membership implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      UUID uuid = event.getMember().getUuid();
      member.learnPresent(uuid);
      thread.execute(() -> gone.forget(uuid));
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      UUID uuid = event.getMember().getUuid();
      thread.execute(() -> memberGone(uuid));
    }
  }
}
