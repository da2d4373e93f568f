package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceDesk;
import io.tidegate.backplane.ServiceInboxSuite;
import io.tidegate.backplane.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service's inbox in a cluster whose link breaks and heals (decision 8). */
final class HazelcastInboxSplitIT extends ServiceInboxSuite {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  /** At least once: what both sides hold comes twice if it is done before the sides are one. */
  @Test
  void messagesOfBothSidesReachTheServiceAfterTheMerge() {
    List<TestNode> cluster = freshCluster(2);
    List<String> sent = sendAroundSplit(cluster, 1);
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(cluster.get(0), settings("g"), desk);
    eventually(() -> assertThat(desk.ids()).hasSameElementsAs(sent));
  }

  @Test
  void whatWasBroughtOverSurvivesItsNewOwner() {
    List<TestNode> cluster = freshCluster(3);
    List<String> sent = sendAroundSplit(cluster, 2);
    eventually(
        () -> {
          assertThat(Members.heldLetters(cluster.get(0), service())).isEqualTo(sent.size());
          assertThat(Members.isSafe(cluster.get(0))).isTrue();
        });
    crash(cluster.get(0));
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(cluster.get(1), settings("g"), desk);
    eventually(() -> assertThat(desk.ids()).hasSameElementsAs(sent));
  }

  /** Cuts one node off from the others; ends when the sides are one again. */
  private List<String> sendAroundSplit(List<TestNode> cluster, int alone) {
    List<String> sent = new ArrayList<>();
    sendFromAll(cluster, sent);
    TestNode cutOff = cluster.get(alone);
    cluster.stream().filter(node -> node != cutOff).forEach(node -> Members.split(node, cutOff));
    sendFromAll(cluster, sent);
    eventually(
        () ->
            assertThat(cluster.stream().mapToInt(node -> node.heard().leasesLost()).sum())
                .isEqualTo(1));
    return sent;
  }

  private void sendFromAll(List<TestNode> cluster, List<String> sent) {
    for (int i = 0; i < 40; i++) {
      sent.add(send(cluster.get(i % cluster.size()), "client-" + i));
    }
  }
}
