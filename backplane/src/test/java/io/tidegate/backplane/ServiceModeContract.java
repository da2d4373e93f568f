package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node in service mode is, and is not: see {@link BackplaneNode}. */
public abstract class ServiceModeContract extends ContractSuite {
  private static final InboxPolicy ROOMY = new InboxPolicy(1_600);
  private static final NodeCommand COMMAND = new NodeCommand("greet", Payload.utf8("hello"));

  /** Shorter than a test's patience only where nobody notices that a service died. */
  protected Duration lease() {
    return Duration.ofMinutes(5);
  }

  @Test
  void aServiceIsNoNodeAndAsksNodes() {
    TestNode node = freshCluster(1).get(0);
    TestNode service = freshService();
    String nodeId = node.cluster().nodeId();
    node.onCommand(command -> Future.succeededFuture(command.body()));
    var greeting = new NodeAnswer(nodeId, COMMAND.body(), null);

    for (TestNode asker : List.of(node, service)) {
      assertThat(await(asker.cluster().nodes())).extracting(NodeInfo::id).containsExactly(nodeId);
      assertThat(await(asker.cluster().ask(COMMAND))).containsExactly(greeting);
      assertThat(await(asker.cluster().ask(nodeId, COMMAND))).isEqualTo(greeting);
    }
  }

  @Test
  void aServiceHoldsNoPresence() {
    TestNode node = freshCluster(1).get(0);
    TestNode service = freshService();

    assertThat(failureOf(service.presence().add(channel("room"), client("ann"), true)))
        .isEqualTo(Reason.CLOSED);
    assertThat(await(node.presence().members(channel("room")))).isEmpty();
  }

  @Test
  void aServiceTakesMessagesAndAnswers() {
    TestNode node = freshCluster(1).get(0);
    TestNode service = freshService();
    ServiceDesk desk =
        ServiceDesk.answering(
            delivery -> Future.succeededFuture(ServiceAnswer.of(delivery.message().data())));
    Consumption consumption =
        await(service.inbox().consume(ConsumerSettings.of(channel("service")), desk));

    ServiceAnswer answer =
        await(
            node.inbox().request(channel("service"), ROOMY, message("m1"), Duration.ofSeconds(20)));

    assertThat(answer).isEqualTo(ServiceAnswer.of(Payload.utf8("x")));
    await(consumption.close());
  }

  @Test
  void whatADeadServiceHadInHandIsHandedToAnother() {
    TestNode node = freshCluster(1).get(0);
    TestNode doomed = freshService();
    TestNode other = freshService();
    var settings = new ConsumerSettings(channel("service"), "group", 16, lease());
    ServiceDesk holding = ServiceDesk.holding();
    assertThat(await(doomed.inbox().consume(settings, holding))).isNotNull();
    await(node.inbox().append(channel("service"), ROOMY, message("m1")));
    eventually(() -> assertThat(holding.ids()).containsExactly("m1"));
    ServiceDesk desk = ServiceDesk.acknowledging();
    Consumption consumption = await(other.inbox().consume(settings, desk));
    assertThat(desk.ids()).isEmpty();

    crash(doomed);

    eventually(() -> assertThat(desk.attemptsOf("m1")).containsExactly(2));
    await(consumption.close());
  }

  @Test
  void nodesLookAfterTheirDeadThoughAServiceCameFirst() {
    TestNode service = freshService();
    List<TestNode> nodes = freshCluster(2);
    TestNode survivor = nodes.get(0);
    TestNode doomed = nodes.get(1);
    survivor.join(channel("room"), KEEP);
    doomed.add(channel("room"), client("ann"));
    eventually(() -> assertThat(survivor.heard().moves(channel("room"))).containsExactly("+ann"));

    crash(doomed);

    eventually(
        () -> assertThat(survivor.heard().moves(channel("room"))).containsExactly("+ann", "-ann"));
    assertThat(await(service.cluster().nodes()))
        .extracting(NodeInfo::id)
        .containsExactly(survivor.cluster().nodeId());
  }

  private static ServiceMessage message(String id) {
    return new ServiceMessage(id, Kind.RPC, "method", Payload.utf8("x"), client("ann"), 1, 0);
  }
}
