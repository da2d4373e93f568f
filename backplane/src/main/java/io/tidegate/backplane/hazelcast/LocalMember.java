package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import io.tidegate.backplane.inbox.Moment;
import java.time.Clock;
import java.util.Collection;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What code that Hazelcast runs on this member may use of it; found in the instance's user context.
 * Thread-safe.
 */
final class LocalMember {
  private static final String KEY = "tidegate";
  private static final int GONE_AT_MOST = 4_096;
  private static final long GONE_MILLIS = 60_000;

  private final Clock clock;
  private final Supplier<String> epochs;
  private final PartitionTerms terms;
  private final int presencePerChannel;
  private final ConcurrentHashMap<UUID, Long> gone = new ConcurrentHashMap<>();
  private volatile @Nullable Inbox inbox;
  private volatile boolean isMovingShards;

  LocalMember(Clock clock, Supplier<String> epochs, PartitionTerms terms, int presencePerChannel) {
    this.clock = clock;
    this.epochs = epochs;
    this.terms = terms;
    this.presencePerChannel = presencePerChannel;
  }

  static LocalMember of(HazelcastInstance instance) {
    return (LocalMember) requireNonNull(instance.getUserContext().get(KEY), "local member");
  }

  void installIn(ConcurrentHashMap<String, Object> userContext) {
    userContext.put(KEY, this);
  }

  /** What this member knows as the owner of {@code channel}. */
  Owner owner(HazelcastInstance instance, String channel, Collection<UUID> told) {
    learnGone(told);
    int partition = instance.getPartitionService().getPartition(channel).getPartitionId();
    return new Owner(
        clock.millis(),
        terms.of(partition),
        presencePerChannel,
        epochs,
        uuid -> isMember(instance, uuid));
  }

  /**
   * Somebody saw these members die. They are refused for a while, even where this member's own list
   * is behind.
   */
  void learnGone(Collection<UUID> members) {
    if (members.isEmpty()) {
      return;
    }
    long now = clock.millis();
    if (gone.size() > GONE_AT_MOST) {
      gone.values().removeIf(since -> now - since > GONE_MILLIS);
    }
    members.forEach(member -> gone.putIfAbsent(member, now));
  }

  /** A member that only seemed to be gone, from this side of a split. */
  void learnPresent(UUID member) {
    gone.remove(member);
  }

  /** What was gone from one side of a split need not be gone from the other. */
  void forgetGone() {
    gone.clear();
  }

  /** The moment at which this member changes a service's shard. */
  Moment moment(HazelcastInstance instance) {
    return new Moment(clock.millis(), nodeId -> !isNode(instance, nodeId));
  }

  /**
   * Whether this member's shards are on their way to the other side of a split. What happened to
   * them then would be lost, so nothing may.
   */
  boolean isMovingShards() {
    return isMovingShards;
  }

  void moveShards(boolean isMoving) {
    isMovingShards = isMoving;
  }

  private boolean isNode(HazelcastInstance instance, String nodeId) {
    for (Member member : instance.getCluster().getMembers()) {
      if (nodeId.equals(member.getAttribute(GridConfig.NODE_ID))) {
        return isMember(instance, member.getUuid());
      }
    }
    return false;
  }

  boolean isMember(HazelcastInstance instance, UUID uuid) {
    Long since = gone.get(uuid);
    if (since != null && clock.millis() - since <= GONE_MILLIS) {
      return false;
    }
    for (Member member : instance.getCluster().getMembers()) {
      if (member.getUuid().equals(uuid)) {
        return true;
      }
    }
    return false;
  }

  void open(Inbox newInbox) {
    inbox = newInbox;
  }

  /** Where messages of other nodes go; absent while this node is not started. */
  @Nullable Inbox inbox() {
    return inbox;
  }
}
