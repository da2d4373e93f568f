package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All channels that this node has to do with, and the outboxes to the other nodes. Confined to the
 * node's thread.
 */
final class Channels {
  /** A try ends when the grid's own invocation does. */
  static final long TRY_NANOS = 3_500_000_000L;

  /** How long a link rests before it finds out what became of an abandoned batch. */
  static final long REST_NANOS = 1_000_000_000L;

  /** How long a link rests when an interested node is slower than its channels. */
  static final long CROWDED_NANOS = 20_000_000L;

  private static final long PAUSE_NANOS = 50_000_000L;

  /** How long what is missing may still be on its way. */
  static final long MISSING_NANOS = 100_000_000L;

  private static final int COMPARISONS_AT_ONCE = 256;
  private static final int STRAYS_PER_TICK = 10;

  /** Every joined channel is compared once in so many ticks, whatever happens: 2 minutes. */
  private static final int ROUND_TICKS = 2_400;

  private static final int OUTBOX_CHECK_TICKS = 600;

  private final NodeThread thread;
  private final Grid grid;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Map<String, ChannelLink> links = new HashMap<>();
  private final Set<ChannelLink> active = new LinkedHashSet<>();
  private final Set<ChannelLink> doubted = new LinkedHashSet<>();
  private final Set<ChannelLink> starving = new LinkedHashSet<>();
  private final Map<UUID, Outbox> outboxes = new HashMap<>();
  private final RecentlyGone gone;
  private Iterator<ChannelLink> round = List.<ChannelLink>of().iterator();
  private double roundDebt;
  private int comparisons;
  private int ticks;
  private int strays;
  private int entries;
  private long batches;
  private UUID self;
  private boolean silent;
  private boolean doubtsAll;

  Channels(
      NodeThread thread,
      Grid grid,
      BackplaneListener listener,
      BackplaneMetrics metrics,
      LongSupplier nanoTime,
      RandomGenerator random,
      RecentlyGone gone) {
    this.thread = thread;
    this.grid = grid;
    this.listener = listener;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.random = random;
    this.gone = gone;
    this.self = grid.localMember();
  }

  void ask(String channel, Asked asked) {
    assert thread.isCurrent() : "Channels off the node's thread";
    link(channel).ask(asked);
  }

  UUID self() {
    return self;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** What another node handed out. */
  void receive(Parcel parcel) {
    assert thread.isCurrent() : "Channels off the node's thread";
    for (Delivery delivery : parcel.deliveries()) {
      ChannelLink link = links.get(delivery.channel());
      if (link != null) {
        link.receive(delivery.epoch(), delivery.events());
      } else if (strays++ < STRAYS_PER_TICK) {
        // The owner believes that this node is interested: a link that holds nothing says no.
        link(delivery.channel()).compare();
      }
    }
    for (String channel : parcel.lost()) {
      ChannelLink link = links.get(channel);
      if (link != null) {
        link.noteLoss();
      }
    }
    if (parcel.lostAny()) {
      doubtAll();
    }
  }

  /** Deadlines, retries, waits. */
  void tick() {
    long now = now();
    strays = 0;
    for (ChannelLink link : List.copyOf(active)) {
      link.tick(now);
    }
    if (!starving.isEmpty()) {
      for (ChannelLink link : List.copyOf(starving)) {
        if (link.isStarvedSince(now - MISSING_NANOS)) {
          starving.remove(link);
          doubt(link);
        } else if (!link.isStarvedSince(now)) {
          starving.remove(link);
        }
      }
    }
    outboxes.values().forEach(Outbox::tick);
    if (++ticks % OUTBOX_CHECK_TICKS == 0) {
      outboxes.keySet().removeIf(member -> !grid.hasMember(member));
    }
    if (doubtsAll) {
      doubtsAll = false;
      links.values().stream().filter(ChannelLink::holdsAnything).forEach(doubted::add);
    }
    goRound();
    compareDoubted();
  }

  /**
   * Anything may have been missed: every channel is compared, a bounded number at once. From the
   * next tick on, since a member's death is told many times, once for each partition.
   */
  void doubtAll() {
    doubtsAll = true;
  }

  void memberGone(UUID member) {
    outboxes.remove(member);
    doubtAll();
  }

  /** From now on nothing is sent: this member may not be what the others take it for. */
  void fallSilent() {
    silent = true;
    startAnew();
  }

  /** This member is another one now: everything is asserted anew under its new UUID. */
  void speakAs(UUID member) {
    self = member;
    silent = false;
    startAnew();
    doubtAll();
  }

  private void startAnew() {
    outboxes.clear();
    List.copyOf(links.values()).forEach(ChannelLink::startAnew);
    entries = 0;
    metrics.presenceMembers(0);
    active.addAll(links.values());
  }

  /** Gives back all interest and presence; done when {@link #isQuiet}. */
  void close() {
    for (ChannelLink link : List.copyOf(links.values())) {
      active.add(link);
      link.close("the node is closing");
    }
  }

  boolean isQuiet() {
    return links.isEmpty();
  }

  // What links use of their node.

  boolean isSilent() {
    return silent;
  }

  Receiver newReceiver(String channel) {
    return new Receiver(channel, listener, metrics);
  }

  Batch newBatch(List<Command> commands) {
    return new Batch(self, ++batches, false, gone.members(), commands);
  }

  void run(String channel, Batch batch, Consumer<@Nullable Answer> answer) {
    grid.run(channel, new RunBatch(batch), answer);
  }

  /** How long to wait before the next try: growing, and not the same for all. */
  long pause(int attempt) {
    long pause = PAUSE_NANOS << Math.min(attempt - 1, 4);
    return pause / 2 + random.nextLong(pause);
  }

  /** A batch is under way. */
  void departed(ChannelLink link, boolean internal) {
    active.add(link);
    comparisons += internal ? 1 : 0;
  }

  void landed(boolean internal) {
    comparisons -= internal ? 1 : 0;
    compareDoubted();
  }

  /** A link has nothing to do. */
  void rest(ChannelLink link) {
    if (!link.isActive()) {
      active.remove(link);
    }
    if (link.isIdle()) {
      links.remove(link.channel(), link);
      doubted.remove(link);
      starving.remove(link);
    }
  }

  /** Whether one more link may assert: thousands want to at once after a merge, or at the end. */
  boolean hasRoom() {
    return comparisons < COMPARISONS_AT_ONCE;
  }

  void awaitRoom(ChannelLink link) {
    doubted.add(link);
  }

  void doubt(ChannelLink link) {
    doubted.add(link);
    compareDoubted();
  }

  void awaitMissing(ChannelLink link) {
    starving.add(link);
  }

  void entriesChanged(int by) {
    entries += by;
    metrics.presenceMembers(entries);
  }

  void forked(@Nullable String cause) {
    if (cause != null) {
      metrics.forked(cause);
    }
  }

  /**
   * Hands out what happened, to this node and to every other interested one; false when one of them
   * is slower than its channels.
   */
  boolean handOut(String channel, Answer answer, List<Event> events) {
    assert thread.isCurrent() : "Channels off the node's thread";
    if (events.isEmpty()) {
      return true;
    }
    boolean isSmooth = true;
    Delivery delivery = new Delivery(channel, answer.epoch(), events);
    for (UUID member : answer.interested()) {
      if (!member.equals(self)) {
        isSmooth &= give(member, delivery);
        continue;
      }
      ChannelLink link = links.get(channel);
      if (link != null) {
        link.receive(delivery.epoch(), events);
      }
    }
    return isSmooth;
  }

  private boolean give(UUID member, Delivery delivery) {
    Outbox outbox = outbox(member);
    if (outbox == null) {
      return true;
    }
    outbox.add(delivery);
    return !outbox.isCrowded();
  }

  /** The interested nodes, this one included, have to compare the channel. */
  void alarm(String channel, List<UUID> interested) {
    for (UUID member : interested) {
      Outbox outbox = member.equals(self) ? null : outbox(member);
      if (outbox != null) {
        outbox.alarm(channel);
      }
    }
    ChannelLink link = links.get(channel);
    if (link != null && link.isInterested()) {
      doubt(link);
    }
  }

  private @Nullable Outbox outbox(UUID member) {
    if (gone.members().contains(member)) {
      return null;
    }
    return outboxes.computeIfAbsent(
        member,
        to ->
            new Outbox(
                nanoTime,
                (any, lost, deliveries) -> new Parcel(self, any, lost, deliveries),
                (parcel, taken) -> grid.send(to, parcel, taken)));
  }

  private ChannelLink link(String channel) {
    ChannelLink link = links.computeIfAbsent(channel, name -> new ChannelLink(name, this));
    active.add(link);
    return link;
  }

  private void compareDoubted() {
    while (!silent && hasRoom() && !doubted.isEmpty()) {
      Iterator<ChannelLink> first = doubted.iterator();
      ChannelLink link = first.next();
      first.remove();
      if (links.get(link.channel()) == link) {
        active.add(link);
        link.compare();
      }
    }
  }

  /** The backstop for whatever nobody thought of: slowly compares everything, again and again. */
  private void goRound() {
    if (!round.hasNext()) {
      round = new ArrayList<>(links.values()).iterator();
      roundDebt = 0;
    }
    roundDebt += links.size() / (double) ROUND_TICKS;
    for (; roundDebt >= 1 && round.hasNext(); roundDebt--) {
      ChannelLink link = round.next();
      if (link.holdsAnything() && links.get(link.channel()) == link) {
        doubted.add(link);
      }
    }
  }
}
