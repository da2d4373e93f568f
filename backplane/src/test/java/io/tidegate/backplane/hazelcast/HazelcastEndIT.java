package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ContractSuite;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.TestNode;
import org.junit.jupiter.api.Test;

/** A grid member that ends under its node: every call is answered all the same. */
final class HazelcastEndIT extends ContractSuite {
  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void nodeWhoseMemberEndedByItselfAnswersAndCloses() {
    TestNode node = freshCluster(1).get(0);
    node.join(channel("joined"), KEEP);
    Members.instanceOf(node).getLifecycleService().terminate();
    eventually(() -> assertThat(node.heard().leasesLost()).isEqualTo(1));

    assertThat(await(node.cluster().ask(new NodeCommand("any", Payload.EMPTY)))).hasSize(1);
    assertThat(await(node.cluster().nodes())).hasSizeLessThan(2);
    await(node.node().close());
  }
}
