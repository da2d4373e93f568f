package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What this node wants of one channel (interest, own presence entries, publishes under way), and
 * its one numbered stream of batches to the channel's owner: one in flight, repeated under the same
 * number until it is answered or nobody waits for it any more. After doubt the link asserts what
 * the node holds, which repairs whatever an abandoned batch left. Confined to the node's thread.
 */
final class ChannelLink {
  static final int QUEUED_AT_MOST = 2_048;

  private static final int BATCH_COMMANDS = 128;
  private static final int BATCH_BYTES = 256 * 1024;

  private final String channel;
  private final Channels node;
  private @Nullable Queue<Asked> queue;
  private @Nullable Flight flight;
  private boolean interested;
  private @Nullable StreamPolicy policy;
  private @Nullable Receiver receiver;
  private Map<String, Command.Entry> entries = Map.of();

  /** Compare positions with the owner's. */
  private boolean compare;

  /** Assert interest and entries in full. */
  private boolean settle;

  /** Tell the interested nodes to compare, since an abandoned batch may have changed something. */
  private boolean alarm;

  private long restUntil;

  ChannelLink(String channel, Channels node) {
    this.channel = channel;
    this.node = node;
    this.restUntil = node.now();
  }

  String channel() {
    return channel;
  }

  boolean isInterested() {
    return interested;
  }

  boolean holdsAnything() {
    return interested || !entries.isEmpty();
  }

  int entryCount() {
    return entries.size();
  }

  /** True when the node has no reason to keep this link. */
  boolean isIdle() {
    return flight == null && isQueueEmpty() && !holdsAnything() && !compare && !settle;
  }

  /** True when the clock may have something to do for this link. */
  boolean isActive() {
    return flight != null || !isQueueEmpty() || compare || settle;
  }

  void ask(Asked asked) {
    Queue<Asked> waiting = queue == null ? new ArrayDeque<>(4) : queue;
    if (asked.kind() == Asked.Kind.PUBLISH && waiting.size() >= QUEUED_AT_MOST) {
      asked.fail(Reason.OVERLOADED, "too many publications wait for the channel");
      return;
    }
    want(asked);
    waiting.add(asked);
    queue = waiting;
    pump();
  }

  void compare() {
    compare = true;
    pump();
  }

  void receive(String epoch, List<? extends Event> events) {
    if (receiver != null) {
      meet(receiver.offer(epoch, events, node.now()));
    }
  }

  /** A publisher says that it dropped events on their way here. */
  void noteLoss() {
    if (receiver != null) {
      receiver.noteLoss();
      node.doubt(this);
    }
  }

  /** Asks the owner when what came early has been waiting for too long. */
  boolean isStarvedSince(long nanos) {
    return receiver != null && receiver.isWaitingSince(nanos);
  }

  /** Deadlines and retries. */
  void tick(long now) {
    while (queue != null && !queue.isEmpty() && queue.peek().isDue(now)) {
      give(queue.remove(), Reason.UNAVAILABLE, "the channel's owner does not answer");
    }
    if (flight != null) {
      tick(flight, now);
    }
    pump();
  }

  /** The member's UUID has changed: nothing under way counts any more, nor does its presence. */
  void startAnew() {
    if (flight != null) {
      Flight lost = flight;
      flight = null;
      node.landed(lost.isInternal());
      lost.items.forEach(item -> give(item, Reason.INDETERMINATE, "the node changed sides"));
    }
    entries = Map.of();
    if (queue != null) {
      Queue<Asked> lost = queue;
      queue = null;
      lost.forEach(item -> give(item, Reason.UNAVAILABLE, "the node changed sides"));
    }
    settle = interested;
    alarm = false;
  }

  /** Gives back everything; {@code reason} is for those who wait. */
  void close(String reason) {
    if (queue != null) {
      Queue<Asked> waiting = queue;
      queue = null;
      waiting.forEach(item -> give(item, Reason.CLOSED, reason));
    }
    boolean held = holdsAnything();
    interested = false;
    receiver = null;
    entries = Map.of();
    settle |= held;
    pump();
  }

  /** Changes what the node wants, at once: the owner is told in order. */
  private void want(Asked asked) {
    switch (asked.kind()) {
      case JOIN -> {
        interested = true;
        policy = asked.policy();
        receiver = receiver == null ? node.newReceiver(channel) : receiver;
      }
      case LEAVE -> {
        interested = false;
        receiver = null;
      }
      case ADD -> {
        Command.Add add = (Command.Add) requireNonNull(asked.command(), "command");
        ClientInfo member = add.member();
        entries = entries.isEmpty() ? new HashMap<>(2) : entries;
        Command.Entry known = entries.get(member.client());
        boolean announced = known == null ? add.announced() : known.announced();
        entries.put(member.client(), new Command.Entry(member, announced));
        asked.isNewEntry(known == null);
        node.entriesChanged(known == null ? 1 : 0);
      }
      case REMOVE -> {
        Command.Remove remove = (Command.Remove) requireNonNull(asked.command(), "command");
        forgetEntry(remove.client());
      }
      case PUBLISH -> {}
    }
  }

  private void forgetEntry(String client) {
    if (!entries.isEmpty() && entries.remove(client) != null) {
      node.entriesChanged(-1);
      entries = entries.isEmpty() ? Map.of() : entries;
    }
  }

  private void pump() {
    if (flight != null || node.now() - restUntil < 0) {
      return;
    }
    if (node.isSilent()) {
      node.rest(this);
      return;
    }
    boolean asserts = compare || settle;
    if (asserts && !node.hasRoom()) {
      node.awaitRoom(this);
      asserts = false;
    }
    Flight next = asserts ? assertion() : nextAsked();
    if (next.size() == 0) {
      node.rest(this);
      return;
    }
    flight = next;
    node.departed(this, next.isInternal());
    next.batch = node.newBatch(next.commands);
    send(next);
  }

  /** Alone in its batch: it is repeated for as long as it takes, which no caller's request is. */
  private Flight assertion() {
    Flight next = new Flight();
    Map<String, Command.Entry> held = settle ? Map.copyOf(entries) : null;
    next.add(null, new Command.Assert(interested, policy, place(), held));
    next.alarms = alarm;
    compare = false;
    settle = false;
    alarm = false;
    return next;
  }

  private Flight nextAsked() {
    Flight next = new Flight();
    int bytes = 0;
    while (queue != null && !queue.isEmpty() && next.size() < BATCH_COMMANDS) {
      if (bytes > 0 && bytes + queue.peek().bytes() > BATCH_BYTES) {
        break;
      }
      Asked asked = queue.remove();
      bytes += asked.bytes();
      next.add(asked, command(asked));
    }
    if (queue != null && queue.isEmpty()) {
      queue = null;
    }
    return next;
  }

  private Command command(Asked asked) {
    Command command = asked.command();
    return command != null
        ? command
        : new Command.Assert(asked.kind() == Asked.Kind.JOIN, asked.policy(), place(), null);
  }

  private @Nullable Place place() {
    return receiver == null ? null : receiver.place();
  }

  private void send(Flight sent) {
    int attempt = ++sent.attempts;
    sent.tryAgainAt = node.now() + Channels.TRY_NANOS;
    node.run(
        channel, requireNonNull(sent.batch, "batch"), answer -> answered(sent, attempt, answer));
  }

  private void answered(Flight of, int attempt, @Nullable Answer answer) {
    if (flight != of) {
      return;
    }
    if (answer != null && answer.verdict() == Answer.Verdict.DONE) {
      flight = null;
      node.landed(of.isInternal());
      complete(of, answer);
      pump();
    } else if (answer != null && answer.verdict() == Answer.Verdict.STALE) {
      abandon(of);
    } else if (attempt == of.attempts) {
      of.tryAgainAt = node.now() + node.pause(attempt);
    }
  }

  private void tick(Flight under, long now) {
    boolean awaited = under.isInternal();
    for (Asked item : under.items) {
      if (item != null && item.isDue(now)) {
        give(item, Reason.INDETERMINATE, "no answer in time; it may have been done");
      }
      awaited |= item != null && item.isOpen();
    }
    if (!awaited) {
      abandon(under);
    } else if (now - under.tryAgainAt >= 0) {
      under.batch = requireNonNull(under.batch, "batch").again();
      send(under);
    }
  }

  /** Nobody waits any more: find out later what became of it, and let the others know. */
  private void abandon(Flight given) {
    flight = null;
    node.landed(given.isInternal());
    given.items.forEach(item -> give(item, Reason.INDETERMINATE, "it may have been done"));
    settle = true;
    alarm = true;
    restUntil = node.now() + Channels.REST_NANOS;
  }

  /** Fails a request and takes back what it wanted. */
  private void give(@Nullable Asked asked, Reason reason, String message) {
    if (asked == null || !asked.isOpen()) {
      return;
    }
    asked.fail(reason, message);
    if (asked.kind() == Asked.Kind.JOIN) {
      interested = false;
      receiver = null;
    } else if (asked.isNewEntry() && asked.command() instanceof Command.Add add) {
      forgetEntry(add.member().client());
    }
    settle |= asked.kind() != Asked.Kind.PUBLISH;
  }

  private void complete(Flight done, Answer answer) {
    node.forked(answer.forked());
    List<Event> events = new ArrayList<>(done.size());
    for (int i = 0; i < done.size(); i++) {
      collect(done.commands.get(i), answer.outcomes().get(i), events);
    }
    if (!node.handOut(channel, answer, events)) {
      restUntil = node.now() + Channels.CROWDED_NANOS;
    }
    if (done.alarms) {
      node.alarm(channel, answer.interested());
    }
    for (int i = 0; i < done.size(); i++) {
      Asked asked = done.items.get(i);
      if (asked != null) {
        asked.succeed(answer, answer.outcomes().get(i));
        if (answer.outcomes().get(i) instanceof Outcome.Full
            && asked.command() instanceof Command.Add add) {
          forgetEntry(add.member().client());
        }
      }
    }
  }

  private void collect(Command command, Outcome outcome, List<Event> events) {
    if (command instanceof Command.Publish publish && outcome instanceof Outcome.Appended at) {
      PublishRequest request = publish.request();
      var publication =
          new Publication(
              at.offset(), request.data(), request.info(), request.tags(), at.timeMillis());
      events.add(new Event.Published(publication, at.moves()));
    } else if (outcome instanceof Outcome.Moves moves) {
      events.addAll(moves.events());
    } else if (command instanceof Command.Assert held
        && outcome instanceof Outcome.Standing standing) {
      events.addAll(standing.moves());
      stand(held, standing);
    }
  }

  private void stand(Command.Assert held, Outcome.Standing standing) {
    Place before = place();
    if (receiver != null && held.interested()) {
      meet(receiver.stand(standing, held.since() != null, node.now()));
    }
    boolean forked = before != null && !before.epoch().equals(standing.lineage().epoch());
    boolean differs = isQueueEmpty() && standing.mine() != entries.size();
    if (held.entries() == null && held.since() != null && (forked || differs)) {
      settle |= !entries.isEmpty() || standing.mine() > 0;
    }
  }

  private void meet(Receiver.Need need) {
    if (need == Receiver.Need.NOW) {
      node.doubt(this);
    } else if (need == Receiver.Need.SOON) {
      node.awaitMissing(this);
    }
  }

  private boolean isQueueEmpty() {
    return queue == null || queue.isEmpty();
  }
}
