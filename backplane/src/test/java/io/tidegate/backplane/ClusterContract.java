package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The promises of {@link Cluster}. */
public abstract class ClusterContract extends ContractSuite {
  private static final NodeCommand COMMAND = new NodeCommand("greet", Payload.utf8("hello"));

  @Test
  void everyNodeKnowsEveryNode() {
    List<String> ids = nodes().stream().map(node -> node.cluster().nodeId()).toList();
    assertThat(ids).doesNotHaveDuplicates();
    for (TestNode node : nodes()) {
      List<NodeInfo> known = await(node.cluster().nodes());
      assertThat(known).extracting(NodeInfo::id).containsExactlyInAnyOrderElementsOf(ids);
      assertThat(known)
          .allSatisfy(
              info -> {
                assertThat(info.name()).isNotEmpty();
                assertThat(info.version()).isNotEmpty();
                assertThat(info.startedMillis()).isPositive();
              });
    }
  }

  @Test
  void nodesComeAndGo() {
    TestNode first = freshCluster(1).get(0);
    assertThat(idsSeenBy(first)).containsExactly(first.cluster().nodeId());
    TestNode second = freshCluster(1).get(0);
    assertThat(idsSeenBy(first))
        .containsExactlyInAnyOrder(first.cluster().nodeId(), second.cluster().nodeId());
    await(second.node().close());
    assertThat(idsSeenBy(first)).containsExactly(first.cluster().nodeId());
  }

  @Test
  void commandReachesEveryNodeTheAskerIncluded() {
    for (TestNode node : nodes()) {
      node.onCommand(
          command ->
              Future.succeededFuture(
                  Payload.utf8(command.name() + " " + command.body().text() + " " + idOf(node))));
    }
    for (TestNode asker : nodes()) {
      Map<String, NodeAnswer> answers = ask(asker);
      assertThat(answers).hasSize(3);
      for (TestNode node : nodes()) {
        assertThat(answers.get(idOf(node)))
            .isEqualTo(new NodeAnswer(idOf(node), Payload.utf8("greet hello " + idOf(node)), null));
      }
    }
  }

  @Test
  void commandForOneNodeReachesThatOneOnly() {
    for (TestNode node : nodes()) {
      node.onCommand(command -> Future.succeededFuture(Payload.utf8("I am " + idOf(node))));
    }
    for (TestNode asker : nodes()) {
      for (TestNode asked : nodes()) {
        assertThat(await(asker.cluster().ask(idOf(asked), COMMAND)))
            .isEqualTo(new NodeAnswer(idOf(asked), Payload.utf8("I am " + idOf(asked)), null));
      }
    }
  }

  @Test
  void commandForANodeThatDoesNotExistIsAFailedAnswer() {
    NodeAnswer answer = await(node(0).cluster().ask("nobody", COMMAND));
    assertThat(answer.nodeId()).isEqualTo("nobody");
    assertThat(answer.failure()).isNotEmpty();
  }

  @Test
  void largeAnswerComesBackIntact() {
    byte[] body = new byte[256 * 1024];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i * 17);
    }
    nodes().forEach(node -> node.onCommand(command -> Future.succeededFuture(Payload.of(body))));
    assertThat(ask(node(1)).values())
        .hasSize(3)
        .allSatisfy(answer -> assertThat(answer.body()).isEqualTo(Payload.of(body)));
  }

  @Test
  void handlerThatFailsOrThrowsIsAFailedAnswer() {
    node(0).onCommand(command -> Future.succeededFuture(Payload.utf8("fine")));
    node(1).onCommand(command -> Future.failedFuture("broken"));
    node(2)
        .onCommand(
            command -> {
              throw new IllegalStateException("worse");
            });
    Map<String, NodeAnswer> answers = ask(node(0));
    assertThat(answerOf(node(0), answers).body()).isEqualTo(Payload.utf8("fine"));
    assertThat(answerOf(node(1), answers).failure()).contains("broken");
    assertThat(answerOf(node(2), answers).failure()).isNotEmpty();
  }

  @Test
  void handlerThatNeverAnswersIsAFailedAnswerInBoundedTime() {
    Promise<Payload> never = Promise.promise();
    node(0).onCommand(command -> Future.succeededFuture(Payload.utf8("fine")));
    node(1).onCommand(command -> never.future());
    node(2).onCommand(command -> Future.succeededFuture(Payload.utf8("fine")));
    Map<String, NodeAnswer> answers = ask(node(0));
    assertThat(answerOf(node(0), answers).body()).isEqualTo(Payload.utf8("fine"));
    assertThat(answerOf(node(1), answers).failure()).isNotEmpty();
    assertThat(answerOf(node(2), answers).body()).isEqualTo(Payload.utf8("fine"));
  }

  @Test
  void askerThatNeverAnswersItselfGetsAFailedAnswerToo() {
    nodes().forEach(node -> node.onCommand(command -> Future.succeededFuture(Payload.EMPTY)));
    node(2).onCommand(command -> Promise.<Payload>promise().future());
    assertThat(answerOf(node(2), ask(node(2))).failure()).isNotEmpty();
  }

  private static Map<String, NodeAnswer> ask(TestNode asker) {
    return await(asker.cluster().ask(COMMAND)).stream()
        .collect(Collectors.toMap(NodeAnswer::nodeId, answer -> answer));
  }

  private static NodeAnswer answerOf(TestNode node, Map<String, NodeAnswer> answers) {
    return requireNonNull(answers.get(idOf(node)), "answer");
  }

  private static List<String> idsSeenBy(TestNode node) {
    return await(node.cluster().nodes()).stream().map(NodeInfo::id).toList();
  }

  private static String idOf(TestNode node) {
    return node.cluster().nodeId();
  }
}
