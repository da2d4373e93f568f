package io.tidegate.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a report says where the nodes cannot be asked: never that the publication failed. */
final class DeliveryReportTest {
  private static final Future<List<NodeInfo>> NODES =
      Future.succeededFuture(
          List.of(new NodeInfo("n1", "a", "1", 0), new NodeInfo("n2", "b", "1", 0)));

  @Test
  void whereNobodyCouldBeAskedAllNodesAreSilent() {
    assertThat(report(NODES))
        .containsExactly(
            "{\"nodes\":0,\"connections\":0,\"silent\":[\"n1\",\"n2\"]}",
            "{\"nodes\":0,\"connections\":0,\"silent\":[\"n1\",\"n2\"]}");
  }

  @Test
  void whereNotEvenTheNodesAreKnownTheDeliveryIsUnknown() {
    assertThat(report(failed())).containsExactly("{\"unknown\":true}", "{\"unknown\":true}");
  }

  private static List<String> report(Future<List<NodeInfo>> nodes) {
    return ApiFixture.await(new DeliveryReport(new Unasked(nodes)).of(List.of("a", "b"))).stream()
        .map(report -> report.toPayload().text())
        .toList();
  }

  private static <T> Future<T> failed() {
    return Future.failedFuture(new BackplaneException(Reason.OVERLOADED, "test"));
  }

  /** A cluster with too many questions under way. */
  private record Unasked(Future<List<NodeInfo>> nodes) implements Cluster {
    @Override
    public String nodeId() {
      return "n1";
    }

    @Override
    public Future<List<NodeAnswer>> ask(NodeCommand command) {
      return failed();
    }

    @Override
    public Future<NodeAnswer> ask(String nodeId, NodeCommand command) {
      return failed();
    }
  }
}
