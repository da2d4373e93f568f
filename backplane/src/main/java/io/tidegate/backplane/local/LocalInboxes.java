package io.tidegate.backplane.local;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.inbox.Moment;
import io.tidegate.backplane.inbox.NodeInbox;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The services' inboxes of one store, and the nodes that use them. Thread-safe: a shard changes
 * under its own monitor, which is not held while anything else is called.
 */
final class LocalInboxes {
  private static final int SHARDS_AT_MOST = 16_384;

  private final Leases leases;
  private final Clock clock;
  private final Map<ShardKey, ShardState> shards = new ConcurrentHashMap<>();
  private final Map<String, NodeInbox> nodes = new ConcurrentHashMap<>();
  private final Set<String> services = ConcurrentHashMap.newKeySet();

  LocalInboxes(Leases leases, Clock clock) {
    this.leases = leases;
    this.clock = clock;
  }

  void enter(String nodeId, NodeInbox inbox) {
    nodes.put(nodeId, inbox);
  }

  /** A node without a lease: it is gone when it leaves. */
  void enterService(String nodeId, NodeInbox inbox) {
    services.add(nodeId);
    enter(nodeId, inbox);
  }

  void leave(String nodeId) {
    nodes.remove(nodeId);
    services.remove(nodeId);
  }

  ShardAnswer apply(ShardKey key, ShardOp op) {
    ShardState shard = shards.get(key);
    if (shard == null) {
      // Threads that come at the same moment may exceed the bound by their number.
      if (shards.size() >= SHARDS_AT_MOST) {
        throw new BackplaneException(
            Reason.LIMIT, "the store has " + SHARDS_AT_MOST + " shards of inboxes");
      }
      shard = shards.computeIfAbsent(key, absent -> new ShardState());
    }
    ShardAnswer answer;
    synchronized (shard) {
      answer = shard.apply(op, new Moment(clock.millis(), this::isGone));
    }
    if (answer instanceof ShardAnswer.Appended appended) {
      appended.consumers().forEach(node -> wake(node, key));
    }
    return answer;
  }

  void answer(String nodeId, String messageId, ServiceAnswer answer) {
    NodeInbox inbox = nodes.get(nodeId);
    if (inbox != null) {
      inbox.answered(messageId, answer);
    }
  }

  private void wake(String nodeId, ShardKey key) {
    NodeInbox inbox = nodes.get(nodeId);
    if (inbox != null) {
      inbox.wake(key);
    }
  }

  private boolean isGone(String nodeId) {
    return !services.contains(nodeId)
        && leases.live().stream().noneMatch(lease -> lease.node().id().equals(nodeId));
  }
}
