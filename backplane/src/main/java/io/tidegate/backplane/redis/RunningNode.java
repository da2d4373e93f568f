package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.inbox.NodeInbox;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.redis.Call.Kind;
import io.tidegate.backplane.redis.Dialer.Line;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node that is connected: its parts, and what they mean to each other. Confined to the node's
 * context, but for {@link #isPresenceOpen}.
 */
final class RunningNode implements LeaseKeeper.Watcher {
  private static final Logger log = LoggerFactory.getLogger(RunningNode.class);
  private static final long TICK_MILLIS = 100;
  private static final Duration GOODBYE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Context context;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private final CommandLink commands;
  private final SubscribeLink events;
  private final Channels channels;
  private final Joined joined;
  private final LeaseKeeper lease;
  private final Attendance attendance;
  private final Reaper reaper;
  private final Asking asking;
  private final NodeInbox inbox;
  private final Keys keys;
  private final String ownName;
  private long timer = -1;
  private final Set<String> heardOf = new HashSet<>();
  private List<String> endedNodes = List.of();
  private boolean up;
  private boolean wasUp;
  private boolean closing;
  private int generation;
  private final boolean isService;
  private volatile boolean presenceOpen;

  RunningNode(
      Vertx vertx,
      Context context,
      RedisSettings settings,
      Dialer dialer,
      NodeInfo info,
      boolean isService,
      BackplaneListener listener,
      CommandHandler handler,
      NodeInbox inbox,
      BackplaneMetrics metrics,
      LongSupplier nanoTime,
      RandomGenerator random) {
    this.vertx = vertx;
    this.context = context;
    this.isService = isService;
    this.presenceOpen = !isService;
    this.listener = listener;
    this.metrics = metrics;
    this.keys = new Keys(settings.prefix(), settings.database());
    this.inbox = inbox;
    this.ownName = keys.node(info.id());
    this.commands = new CommandLink(vertx, context, dialer, nanoTime, random, this::linksChanged);
    this.events =
        new SubscribeLink(vertx, context, dialer, nanoTime, random, ownName, this::linksChanged);
    this.channels = new Channels(keys, commands, random, metrics, settings.presencePerChannel());
    this.joined = new Joined(keys, events, channels, listener, metrics, nanoTime);
    this.lease =
        new LeaseKeeper(info, commands, keys, this, nanoTime, random, settings.leaseTimeout());
    this.attendance =
        new Attendance(keys, commands, channels, metrics, lease::isFresh, lease.owner());
    this.reaper = new Reaper(info.id(), keys, commands, channels, metrics);
    this.asking = new Asking(vertx, context, keys, commands, info.id(), handler, inbox);
  }

  Keys keys() {
    return keys;
  }

  Future<Response> run(Script script, List<String> on, Kind kind, Object... arguments) {
    return commands.run(script, on, kind, arguments);
  }

  /** Nodes of which it is known that they ended. */
  List<String> endedNodes() {
    return endedNodes;
  }

  /** Wakes the node's consumers of {@code service} from now on. */
  Future<Void> hearOf(String service, NodeInbox consumers) {
    String name = keys.wake(service);
    if (!heardOf.add(service)) {
      return Future.succeededFuture();
    }
    return events
        .subscribe(
            name,
            new SubscribeLink.Ear() {
              @Override
              public void message(byte[] content) {
                consumers.wake(
                    new ShardKey(service, Integer.parseInt(new String(content, US_ASCII))));
              }

              @Override
              public void subscribed(boolean again) {}
            })
        .onFailure(failure -> heardOf.remove(service));
  }

  Channels channels() {
    return channels;
  }

  Joined joined() {
    return joined;
  }

  Attendance attendance() {
    return attendance;
  }

  Asking asking() {
    return asking;
  }

  boolean isClosing() {
    return closing;
  }

  /** False for a service, and from when the lease is lost until the listener is done with it. */
  boolean isPresenceOpen() {
    return presenceOpen;
  }

  /** Takes the lease, where this is no service, and begins to hear. */
  Future<Void> open(Line first) {
    timer = vertx.setPeriodic(TICK_MILLIS, fired -> tick());
    commands.open(first);
    events.open();
    Future<Void> hears =
        events.subscribe(
            ownName,
            new SubscribeLink.Ear() {
              @Override
              public void message(byte[] content) {
                asking.receive(content);
              }

              @Override
              public void subscribed(boolean again) {}
            });
    return isService ? hears : Future.all(hears, lease.renew()).mapEmpty();
  }

  /** Gives back presence and lease, in bounded time. */
  Future<Void> close() {
    closing = true;
    reaper.close();
    lease.stop();
    joined.close();
    if (isService) {
      stop();
      return Future.succeededFuture();
    }
    return attendance
        .removeAll()
        .eventually(lease::release)
        .timeout(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(
            failure -> {
              log.warn("node leaves without having given back everything", failure);
              return null;
            })
        .onComplete(done -> stop());
  }

  /** Ends everything at once. */
  void stop() {
    closing = true;
    reaper.close();
    lease.stop();
    if (!vertx.cancelTimer(timer)) {
      log.debug("node was not opened");
    }
    inbox.stop();
    asking.close();
    events.close();
    commands.close();
    metrics.up(false);
  }

  @Override
  public void leaseLost() {
    presenceOpen = false;
    int lost = ++generation;
    attendance.beginAnew(lease.owner());
    Future<Void> done;
    try {
      done = listener.leaseLost();
    } catch (RuntimeException e) {
      log.error("listener failed", e);
      done = Future.succeededFuture();
    }
    done.onComplete(
        result ->
            context.runOnContext(
                again -> {
                  if (lost == generation) {
                    presenceOpen = true;
                  }
                }));
  }

  @Override
  public void storeChanged() {
    joined.doubtAll();
    attendance.doubtAll();
  }

  @Override
  public void owners(List<String> living, List<LeaseKeeper.Ended> ended) {
    endedNodes =
        ended.stream()
            .map(each -> each.owner().substring(0, each.owner().lastIndexOf('/')))
            .filter(id -> !living.contains(id))
            .toList();
    reaper.owners(living, ended);
  }

  private void tick() {
    commands.tick();
    events.tick();
    if (!isService) {
      lease.tick();
    }
    joined.tick();
    attendance.tick();
  }

  /** Both links have to lead to the same run of the same server. */
  private void linksChanged() {
    Line asking = commands.line();
    Line hearing = events.line();
    boolean both = asking != null && hearing != null;
    if (both && !sameServer(asking, hearing)) {
      log.warn("links lead to different servers; both are opened anew");
      commands.reopen("another server");
      events.reopen("another server");
      return;
    }
    if (both != up && !closing) {
      up = both;
      metrics.up(both);
      if (both && wasUp) {
        metrics.reconnected();
        lease.renewSoon();
        joined.doubtAll();
      }
      wasUp |= both;
    }
  }

  private static boolean sameServer(@Nullable Line one, @Nullable Line other) {
    return one == null || other == null || one.runId().equals(other.runId());
  }
}
