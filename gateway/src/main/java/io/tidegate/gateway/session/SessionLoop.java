package io.tidegate.gateway.session;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.hub.HubShard;
import io.tidegate.gateway.hub.ShardBounds;
import io.tidegate.gateway.hub.ShardObserver;
import io.tidegate.gateway.limits.Pace;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.FrameWriter;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one event loop, with what they share: the loop's part of the hub, one timing
 * wheel, one set of counters. Confined to the loop; made on it.
 */
public final class SessionLoop {
  /** Milliseconds between two ticks of a loop's wheel. */
  public static final long TICK_MILLIS = 50;

  private static final int OUTBOX_TICKS = 20;

  private final SessionNode node;
  private final FrameWriter writer;
  private final HubShard shard;
  private final TimerWheel wheel;
  private final Attendance attendance;
  private final Commands commands;
  private final Pace.Rules pace;
  private final Map<String, DeliveryCounter> deliveries = new HashMap<>(4);
  private final List<Session> sessions = new ArrayList<>();
  private final UserConnections users = new UserConnections();
  private final Set<Greeting> greetings = new HashSet<>();
  private @Nullable CloseCode draining;
  private int ticks;

  // Read by other threads for gauges; written by the loop alone.
  private volatile int subscriptions;
  private volatile long outboxBytes;

  /** Makes the loop's part of the node. */
  public SessionLoop(SessionNode node, Hub hub, Context context) {
    this.node = requireNonNull(node, "node");
    OutboundSettings outbound = node.outbound();
    this.writer = new FrameWriter(outbound.compression());
    this.shard =
        new HubShard(
            hub, context, ShardBounds.DEFAULT, writer, outbound.flushDelay(), new Observer());
    this.wheel = new TimerWheel(TICK_MILLIS, node.nanoTime());
    this.attendance = new Attendance(node.presence(), wheel);
    this.commands = new Commands(node);
    this.pace = new Pace.Rules(node.limits());
  }

  /**
   * Takes over a connection right after its 101; {@code identity} as far as the upgrade knew it.
   */
  public void greet(Connection connection, ClientProtocol protocol, @Nullable Identity identity) {
    var greeting = new Greeting(this, connection, protocol, identity);
    connection.handler(greeting);
    greetings.add(greeting);
    if (draining != null) {
      greeting.close(draining);
    }
  }

  /** Takes over a connection of a raw route right after its 101. */
  public void open(Connection connection, ClientProtocol protocol, Identity identity, RawUse use) {
    var session = new Session(this, connection, protocol, identity, use);
    connection.handler(session);
    session.open();
    if (draining != null) {
      session.end(draining);
    }
  }

  void greeted(Greeting greeting) {
    greetings.remove(greeting);
  }

  /** The loop's one periodic task, every {@link #TICK_MILLIS}. */
  public void tick() {
    wheel.advance();
    deliveries.values().forEach(DeliveryCounter::report);
    if (++ticks % OUTBOX_TICKS == 0) {
      outboxBytes = sessions.stream().mapToLong(Session::pendingBytes).sum();
    }
  }

  /** Runs {@code action} on each session of now; it may end the session. */
  public void forEach(Consumer<Session> action) {
    List.copyOf(sessions).forEach(action);
  }

  /** Closes every session at once; connections that are not sessions yet have nothing to lose. */
  public void closeAll(CloseCode code) {
    forEach(session -> session.end(code));
  }

  /**
   * Closes every session, evenly spread over {@code windowMillis}, so that their clients do not all
   * come to the next node at the same moment. Connections that are not sessions yet, and those
   * whose upgrade is still under way, are closed at once.
   */
  public void drain(CloseCode code, long windowMillis) {
    draining = code;
    List.copyOf(greetings).forEach(greeting -> greeting.close(code));
    List<Session> leaving = List.copyOf(sessions);
    for (int i = 0; i < leaving.size(); i++) {
      Session session = leaving.get(i);
      long delay = windowMillis * i / leaving.size();
      wheel.schedule(TimerWheel.timer(() -> session.end(code)), delay);
    }
  }

  /** How many subscribers a channel has on this loop. */
  int subscribers(String channel) {
    return shard.subscribers(channel);
  }

  /** Subscriptions of this loop's sessions; from any thread. */
  public int subscriptions() {
    return subscriptions;
  }

  /** Bytes waiting for clients, as of the last second; from any thread. */
  public long outboxBytes() {
    return outboxBytes;
  }

  SessionNode node() {
    return node;
  }

  HubShard shard() {
    return shard;
  }

  TimerWheel wheel() {
    return wheel;
  }

  Pace.Rules pace() {
    return pace;
  }

  Commands commands() {
    return commands;
  }

  UserConnections users() {
    return users;
  }

  Attendance attendance() {
    return attendance;
  }

  Outbox outbox(Connection connection, ClientProtocol protocol) {
    DeliveryCounter counter =
        deliveries.computeIfAbsent(
            protocol.label(), label -> new DeliveryCounter(node.metrics().delivered(label)));
    return new Outbox(connection, protocol, shard, writer, counter, node.limits().queueBytes());
  }

  void opened(Session session) {
    session.slot = sessions.size();
    sessions.add(session);
  }

  /** The last session takes the freed place. */
  void left(Session session) {
    users.ended(session);
    int slot = session.slot;
    if (slot < 0) {
      return;
    }
    session.slot = -1;
    Session last = sessions.remove(sessions.size() - 1);
    if (last != session) {
      sessions.set(slot, last);
      last.slot = slot;
    }
  }

  void connectionEnded(String reason) {
    node.metrics().connectionClosed(reason);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer: this loop
  void subscriptionsChanged(int by) {
    subscriptions += by;
  }

  private final class Observer implements ShardObserver {
    private long passStart;

    @Override
    public void received(long timeMillis) {
      node.metrics().publishToDeliverSeconds(Math.max(0, node.clock().millis() - timeMillis) / 1e3);
    }

    @Override
    public void passBegins() {
      passStart = node.nanoTime().getAsLong();
    }

    @Override
    public void passEnds(int events) {
      if (events > 0) {
        node.metrics().broadcastSeconds((node.nanoTime().getAsLong() - passStart) / 1e9);
      }
    }
  }
}
