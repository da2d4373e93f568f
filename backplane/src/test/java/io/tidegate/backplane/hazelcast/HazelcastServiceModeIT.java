package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.failureOf;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceModeContract;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

final class HazelcastServiceModeIT extends ServiceModeContract {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void theOldestNodeSweepsAndNotAnOlderService() {
    TestNode service = freshService();
    TestNode node = freshCluster(1).get(0);
    TestNode younger = freshCluster(1).get(0);

    assertThat(Members.instanceOf(service).getCluster().getMembers().iterator().next().getUuid())
        .isEqualTo(Members.uuidOf(service));
    assertThat(sweeps(service)).isFalse();
    assertThat(sweeps(node)).isTrue();
    assertThat(sweeps(younger)).isFalse();
  }

  @Test
  void aServiceHoldsNoData() {
    TestNode node = freshCluster(1).get(0);
    TestNode service = freshService();

    for (int i = 0; i < 50; i++) {
      node.publish(channel("c" + i), "x", KEEP);
    }

    assertThat(Members.instanceOf(service).getMap(GridConfig.CHANNELS).localKeySet()).isEmpty();
    assertThat(Members.instanceOf(node).getMap(GridConfig.CHANNELS).localKeySet()).hasSize(50);
  }

  @Test
  void withoutANodeThereIsNoInbox() {
    TestNode service = freshService();

    assertThat(
            failureOf(
                service
                    .inbox()
                    .consume(
                        ConsumerSettings.of(channel("service")),
                        delivery -> Future.succeededFuture(ServiceAnswer.NONE))))
        .isEqualTo(Reason.INDETERMINATE);
  }

  private static boolean sweeps(TestNode node) {
    return requireNonNull(((HazelcastNode) node.node()).running(), "running").grid().isOldest();
  }
}
