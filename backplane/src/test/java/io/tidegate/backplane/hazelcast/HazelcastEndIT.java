package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ContractSuite;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
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

    // What a node's canary takes for the end, unlike a store that does not answer.
    var publish = PublishRequest.of(channel("joined"), Payload.EMPTY, KEEP);
    assertThat(failureOf(node.node().backplane().publish(publish))).isEqualTo(Reason.CLOSED);
    assertThat(failureOf(node.node().backplane().join(channel("other"), KEEP)))
        .isEqualTo(Reason.CLOSED);
    assertThat(failureOf(node.cluster().ask(new NodeCommand("any", Payload.EMPTY))))
        .isEqualTo(Reason.CLOSED);
    assertThat(await(node.cluster().nodes())).hasSizeLessThan(2);
    await(node.node().close());
  }
}
