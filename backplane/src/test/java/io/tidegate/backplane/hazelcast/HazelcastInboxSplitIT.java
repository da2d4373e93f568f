package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceDesk;
import io.tidegate.backplane.ServiceInboxSuite;
import io.tidegate.backplane.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A service's inbox in a cluster of two whose link breaks and heals (decision 8). */
final class HazelcastInboxSplitIT extends ServiceInboxSuite {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void messagesOfBothSidesReachTheServiceAfterTheMerge() {
    List<TestNode> cluster = freshCluster(2);
    List<String> sent = new ArrayList<>();
    sendFromBoth(cluster, sent);
    Members.split(cluster.get(0), cluster.get(1));
    sendFromBoth(cluster, sent);
    eventually(
        () ->
            assertThat(cluster.stream().mapToInt(node -> node.heard().leasesLost()).sum())
                .isEqualTo(1));
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(cluster.get(0), settings("g"), desk);
    eventually(() -> assertThat(desk.ids()).containsExactlyInAnyOrderElementsOf(sent));
  }

  private void sendFromBoth(List<TestNode> cluster, List<String> sent) {
    for (int i = 0; i < 40; i++) {
      sent.add(send(cluster.get(i % 2), "client-" + i));
    }
  }
}
