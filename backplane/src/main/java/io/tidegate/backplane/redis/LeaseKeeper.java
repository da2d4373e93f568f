package io.tidegate.backplane.redis;

import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.redis.Call.Kind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews this node's lease, and hears with it what happened to others. Confined to the context. */
final class LeaseKeeper {
  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final Duration TOMBSTONE = Duration.ofMinutes(10);
  private static final int RENEWALS_PER_TIMEOUT = 5;

  /** What a renewal may bring to light. */
  interface Watcher {
    /** The others gave this node up, and its lease with it. */
    void leaseLost();

    /** Another copy of the data answers, or one that does not know this lease. */
    void storeChanged();

    void owners(List<String> living, List<Ended> ended);
  }

  /** An owner whose lease ended; {@code due}: nothing can come from it any more. */
  record Ended(String owner, boolean due) {}

  private final NodeInfo node;
  private final CommandLink commands;
  private final Keys keys;
  private final Watcher watcher;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Duration timeout;
  private final long intervalNanos;
  private String lease;
  private String copy = "";
  private boolean renewing;
  private boolean closed;
  private long renewedAt;
  private long nextAt;

  LeaseKeeper(
      NodeInfo node,
      CommandLink commands,
      Keys keys,
      Watcher watcher,
      LongSupplier nanoTime,
      RandomGenerator random,
      Duration timeout) {
    this.node = node;
    this.commands = commands;
    this.keys = keys;
    this.watcher = watcher;
    this.nanoTime = nanoTime;
    this.random = random;
    this.timeout = timeout;
    this.intervalNanos = timeout.toNanos() / RENEWALS_PER_TIMEOUT;
    this.lease = newLease();
    this.nextAt = nanoTime.getAsLong();
    this.renewedAt = nextAt - timeout.toNanos();
  }

  /** Under which name this node holds presence entries. */
  String owner() {
    return node.id() + "/" + lease;
  }

  /** Whether the others have no reason yet to give this node up. */
  boolean isFresh() {
    return nanoTime.getAsLong() - renewedAt < timeout.toNanos();
  }

  /** The store can be reached again: the others have not waited. */
  void renewSoon() {
    nextAt = nanoTime.getAsLong();
  }

  void tick() {
    if (!closed && !renewing && nanoTime.getAsLong() - nextAt >= 0) {
      renew().onFailure(failure -> log.debug("lease not renewed", failure));
    }
  }

  Future<Void> renew() {
    renewing = true;
    long asked = nanoTime.getAsLong();
    nextAt = asked + intervalNanos;
    return commands
        .run(
            Script.RENEW,
            keys.nodes(),
            Kind.REPEATABLE,
            node.id(),
            lease,
            NodeWire.encode(node),
            timeout.toMillis(),
            intervalNanos / 1_000_000,
            TOMBSTONE.toMillis())
        .onComplete(answer -> renewing = false)
        .map(
            answer -> {
              if (!closed) {
                renewed(answer, asked);
              }
              return (Void) null;
            });
  }

  /** Gives the lease back. */
  Future<Void> release() {
    closed = true;
    return commands.run(Script.RELEASE, keys.nodes(), Kind.REPEATABLE, node.id(), lease).mapEmpty();
  }

  void stop() {
    closed = true;
  }

  private void renewed(Response answer, long asked) {
    String fate = answer.get(0).toString();
    String copyNow = answer.get(1).toString();
    boolean first = copy.isEmpty();
    boolean changed = !first && !copyNow.equals(copy);
    copy = copyNow;
    // A lease that is unknown to the copy that knew it was ended, and that was forgotten since.
    boolean lost = fate.equals("ended") || (fate.equals("anew") && !first && !changed);
    if (lost) {
      log.warn("lease lost: the cluster gave this node up");
      lease = newLease();
      copy = "";
      nextAt = asked;
      renewedAt = asked - timeout.toNanos();
      watcher.leaseLost();
      return;
    }
    renewedAt = asked;
    if (changed) {
      log.warn("another copy of the data answers");
      watcher.storeChanged();
    }
    watcher.owners(texts(answer.get(2)), ended(answer.get(3)));
  }

  private static List<String> texts(Response answer) {
    List<String> texts = new ArrayList<>();
    answer.forEach(each -> texts.add(each.toString()));
    return texts;
  }

  private static List<Ended> ended(Response answer) {
    List<Ended> ended = new ArrayList<>();
    for (int i = 0; i + 1 < answer.size(); i += 2) {
      ended.add(new Ended(answer.get(i).toString(), answer.get(i + 1).toInteger() == 1));
    }
    return ended;
  }

  private String newLease() {
    return Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX);
  }

  /** Who a node is, as it stands in its lease. */
  static final class NodeWire {
    private NodeWire() {}

    static String encode(NodeInfo node) {
      return new JsonObject()
          .put("id", node.id())
          .put("name", node.name())
          .put("version", node.version())
          .put("started", node.startedMillis())
          .encode();
    }

    static NodeInfo decode(String lease) {
      var json = new JsonObject(lease.substring(lease.indexOf('\n') + 1));
      return new NodeInfo(
          json.getString("id"),
          json.getString("name"),
          json.getString("version"),
          json.getLong("started"));
    }
  }
}
