package io.tidegate.backplane.hazelcast;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.query.Predicates;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Hazelcast instance, as far as the node's thread uses it: nothing here waits, every answer
 * comes back on that thread, and a failure is a null or a false. Thread-safe.
 */
final class Grid {
  private static final Logger log = LoggerFactory.getLogger(Grid.class);

  private final HazelcastInstance instance;

  /** Kept, since an instance that has ended refuses to give it, and it still knows its member. */
  private final Cluster cluster;

  private final IMap<String, ChannelState> channels;
  private final IMap<String, ShardState> shards;
  private final IExecutorService inboxes;
  private final Executor thread;

  Grid(HazelcastInstance instance, Executor thread) {
    this.instance = instance;
    this.cluster = instance.getCluster();
    this.channels = instance.getMap(GridConfig.CHANNELS);
    this.shards = instance.getMap(GridConfig.SHARDS);
    this.inboxes = instance.getExecutorService(GridConfig.INBOX);
    this.thread = thread;
  }

  HazelcastInstance instance() {
    return instance;
  }

  UUID localMember() {
    return cluster.getLocalMember().getUuid();
  }

  /** Runs {@code processor} on the channel's owner; the answer is null when that failed. */
  <R> void run(
      String channel,
      EntryProcessor<String, ChannelState, R> processor,
      Consumer<@Nullable R> answer) {
    run(channels, channel, processor, answer);
  }

  /** Runs {@code processor} on the owner of a service's shard; likewise. */
  void run(ShardKey shard, RunShardOp processor, Consumer<@Nullable ShardReply> answer) {
    run(shards, name(shard), processor, answer);
  }

  private <V, R> void run(
      IMap<String, V> map,
      String key,
      EntryProcessor<String, V, R> processor,
      Consumer<@Nullable R> answer) {
    try {
      var running =
          map.submitToKey(key, processor)
              .whenCompleteAsync(
                  (result, failure) -> {
                    if (failure != null) {
                      failed(key, failure);
                    }
                    answer.accept(failure == null ? result : null);
                  },
                  thread);
      assert running != null;
    } catch (RuntimeException e) {
      log.debug("operation refused: {}", e.toString());
      thread.execute(() -> answer.accept(null));
    }
  }

  private static void failed(String key, Throwable failure) {
    if (failure instanceof HazelcastSerializationException
        || failure.getCause() instanceof HazelcastSerializationException) {
      log.error(
          "a member cannot read another's step; are their builds the same? key={}", key, failure);
    } else {
      log.debug("operation failed: {}", failure.toString());
    }
  }

  /** Sends {@code message} to a member's inbox; answers whether it was taken. */
  void send(UUID to, Callable<Boolean> message, Consumer<Boolean> taken) {
    Member member = member(to);
    if (member == null) {
      thread.execute(() -> taken.accept(false));
      return;
    }
    try {
      inboxes.submitToMember(
          message,
          member,
          new ExecutionCallback<Boolean>() {
            @Override
            public void onResponse(@Nullable Boolean response) {
              thread.execute(() -> taken.accept(Boolean.TRUE.equals(response)));
            }

            @Override
            public void onFailure(Throwable failure) {
              log.debug("message failed: {}", failure.toString());
              thread.execute(() -> taken.accept(false));
            }
          });
    } catch (RuntimeException e) {
      log.debug("message refused: {}", e.toString());
      thread.execute(() -> taken.accept(false));
    }
  }

  /** Tells nodes of consumers that there is something new in a shard; that may get lost. */
  void wake(ShardKey shard, List<String> nodes, String self, Consumer<ServiceMail> ownMail) {
    for (String node : nodes) {
      UUID member = memberOf(node);
      if (node.equals(self)) {
        ownMail.accept(ServiceMail.wake(shard));
      } else if (member != null) {
        send(
            member,
            ServiceMail.wake(shard),
            isTaken -> {
              // A consumer that was not woken looks by itself.
            });
      }
    }
  }

  /** The channels that need a sweep. Waits for all members: never on the node's thread. */
  Collection<String> findStale(List<UUID> gone) {
    return channels.executeOnEntries(new FindStale(gone)).keySet();
  }

  /**
   * Copies of the shards of the partition in which {@code place} is, as they are after all steps
   * begun before. Waits: never on the node's thread.
   */
  Map<ShardKey, ShardState> shardsAt(String place) {
    Map<ShardKey, ShardState> found = new HashMap<>();
    shards
        .executeOnEntries(
            new ReadShard(), Predicates.partitionPredicate(place, Predicates.alwaysTrue()))
        .forEach((name, state) -> found.put(shardKey(name), state));
    return found;
  }

  /** The names of these shards, without a look into them; a guess where that fails. */
  Collection<String> shardNamesAt(String place) {
    PartitionService partitions = instance.getPartitionService();
    Partition partition = partitions.getPartition(place);
    try {
      return shards.localKeySet().stream()
          .filter(name -> partitions.getPartition(name).equals(partition))
          .toList();
    } catch (RuntimeException e) {
      log.debug("shards cannot be listed: {}", e.toString());
      return List.of("unknown, in partition " + partition.getPartitionId());
    }
  }

  /** For each partition that this member owns, a key that is in it. */
  Set<String> ownPartitions() {
    PartitionService partitions = instance.getPartitionService();
    int unknown = partitions.getPartitions().size();
    Set<Partition> known = new HashSet<>();
    Set<String> own = new HashSet<>();
    for (int i = 0; known.size() < unknown; i++) {
      String key = "place-" + i;
      Partition partition = partitions.getPartition(key);
      Member owner = known.add(partition) ? partition.getOwner() : null;
      if (owner != null && owner.localMember()) {
        own.add(key);
      }
    }
    return own;
  }

  private static String name(ShardKey shard) {
    return shard.service() + "/" + shard.shard();
  }

  private static ShardKey shardKey(String name) {
    int end = name.lastIndexOf('/');
    return new ShardKey(name.substring(0, end), Integer.parseInt(name.substring(end + 1)));
  }

  /** Whether this member is the one that looks after all: the oldest that is a node. */
  boolean isOldest() {
    for (Member member : cluster.getMembers()) {
      if (nodeOf(member) != null) {
        return member.localMember();
      }
    }
    return false;
  }

  List<UUID> members() {
    return cluster.getMembers().stream().map(Member::getUuid).toList();
  }

  boolean hasMember(UUID uuid) {
    return member(uuid) != null;
  }

  /** The members as nodes, the oldest first. */
  List<NodeInfo> nodes(Collection<UUID> without) {
    List<NodeInfo> nodes = new ArrayList<>();
    for (Member member : cluster.getMembers()) {
      NodeInfo node = nodeOf(member);
      if (node != null && !without.contains(member.getUuid())) {
        nodes.add(node);
      }
    }
    return nodes;
  }

  static @Nullable NodeInfo nodeOf(Member member) {
    String id = member.getAttribute(GridConfig.NODE_ID);
    String name = member.getAttribute(GridConfig.NODE_NAME);
    String version = member.getAttribute(GridConfig.NODE_VERSION);
    String started = member.getAttribute(GridConfig.NODE_STARTED);
    return id == null || name == null || version == null || started == null
        ? null
        : new NodeInfo(id, name, version, Long.parseLong(started));
  }

  /** The member that is the node with this id. */
  @Nullable UUID memberOf(String nodeId) {
    for (Member member : cluster.getMembers()) {
      if (nodeId.equals(member.getAttribute(GridConfig.NODE_ID))) {
        return member.getUuid();
      }
    }
    return null;
  }

  @Nullable Member member(UUID uuid) {
    for (Member member : cluster.getMembers()) {
      if (member.getUuid().equals(uuid)) {
        return member;
      }
    }
    return null;
  }
}
