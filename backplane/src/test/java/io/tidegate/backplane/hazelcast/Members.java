package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.cluster.impl.MemberImpl;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.UUID;

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

  /** Breaks the cluster of two: each takes the other for dead. */
  static void split(TestNode one, TestNode other) {
    UUID first = uuidOf(one);
    UUID second = uuidOf(other);
    suspect(one, second);
    suspect(other, first);
  }

  private static void suspect(TestNode node, UUID other) {
    var original = ((HazelcastInstanceProxy) instanceOf(node)).getOriginal();
    ClusterServiceImpl cluster = original.node.getClusterService();
    MemberImpl member = requireNonNull(cluster.getMember(other), "member");
    cluster.suspectMember(member, "split by a test", true);
  }

  private static RunningNode running(TestNode node) {
    return requireNonNull(((HazelcastNode) node.node()).running(), "running");
  }
}
