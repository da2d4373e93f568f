package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.map.IMap;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.TestNode;
import io.tidegate.backplane.inbox.ShardState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.UUID;
import java.util.stream.IntStream;

/** What tests do to members behind their nodes' backs. */
final class Members {
  private static final int TRIES = 5;

  private Members() {}

  static HazelcastInstance instanceOf(TestNode node) {
    return running(node).grid().instance();
  }

  static UUID uuidOf(TestNode node) {
    return instanceOf(node).getCluster().getLocalMember().getUuid();
  }

  /** Whether {@code node} holds the data of {@code channel}. */
  static boolean isOwner(TestNode node, String channel) {
    var owner = instanceOf(node).getPartitionService().getPartition(channel).getOwner();
    return owner != null && owner.getUuid().equals(uuidOf(node));
  }

  /** How many letters to {@code service} wait, in all its shards. */
  static int heldLetters(TestNode node, String service) {
    IMap<String, ShardState> shards = instanceOf(node).getMap(GridConfig.SHARDS);
    return IntStream.range(0, ServiceInbox.SHARDS)
        .mapToObj(shard -> shards.get(service + "/" + shard))
        .mapToInt(shard -> shard == null ? 0 : shard.content().items().size())
        .sum();
  }

  /** Whether all backups are what they should be, as far as the grid knows. */
  static boolean isSafe(TestNode node) {
    return instanceOf(node).getPartitionService().isClusterSafe();
  }

  /**
   * Runs a batch on the channel's owner from {@code node}, and hands nothing out. Repeated while
   * the grid is busy with its partitions, as a node would.
   */
  static Future<Answer> run(TestNode node, String channel, Batch batch) {
    Promise<Answer> promise = Promise.promise();
    run(node, channel, batch, promise, TRIES);
    return promise.future();
  }

  private static void run(
      TestNode node, String channel, Batch batch, Promise<Answer> promise, int tries) {
    running(node)
        .grid()
        .<Answer>run(
            channel,
            new RunBatch(batch),
            answer -> {
              if (answer != null) {
                promise.complete(answer);
              } else if (tries > 1) {
                run(node, channel, batch.again(), promise, tries - 1);
              } else {
                promise.fail("no answer");
              }
            });
  }

  /** Lets {@code node} compare all its channels with their owners. */
  static void doubtAll(TestNode node) {
    RunningNode running = running(node);
    running.thread().execute(running.channels()::doubtAll);
  }

  /** What a merge does to {@code node}, but that it keeps its UUID. */
  static void speakAnew(TestNode node) {
    RunningNode running = running(node);
    running
        .thread()
        .execute(
            () -> {
              running.channels().fallSilent();
              running.channels().speakAs(uuidOf(node));
            });
  }

  /** Breaks the link of two members: each takes the other for dead, if it does not already. */
  static void split(TestNode one, TestNode other) {
    UUID first = uuidOf(one);
    UUID second = uuidOf(other);
    suspect(one, second);
    suspect(other, first);
  }

  private static void suspect(TestNode node, UUID other) {
    var original = ((HazelcastInstanceProxy) instanceOf(node)).getOriginal();
    ClusterServiceImpl cluster = original.node.getClusterService();
    MemberImpl member = cluster.getMember(other);
    if (member != null) {
      cluster.suspectMember(member, "split by a test", true);
    }
  }

  private static RunningNode running(TestNode node) {
    return requireNonNull(((HazelcastNode) node.node()).running(), "running");
  }
}
