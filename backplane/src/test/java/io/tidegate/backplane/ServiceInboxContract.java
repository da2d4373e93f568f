package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The promises 1 to 4 of {@link ServiceInbox}, each by its number. */
public abstract class ServiceInboxContract extends ServiceInboxSuite {
  // 1: at least once, to each group.

  @Test
  void promise1MessageReachesItsServiceFromWhicheverNode() {
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(node(0), settings("g"), desk);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sent.add(send(node(i % 3), "client-" + i % 20));
    }
    eventually(() -> assertThat(desk.ids()).containsExactlyInAnyOrderElementsOf(sent));
  }

  @Test
  void promise1MessageArrivesAsItWasSent() {
    var message =
        new ServiceMessage(
            channel("id"),
            Kind.SEND,
            "",
            Payload.of(new byte[] {0, -1, 7}),
            new ClientInfo("c", "u", Payload.utf8("{\"a\":1}"), null),
            1_234,
            Long.MAX_VALUE);
    await(node(1).inbox().append(service(), ROOMY, message));
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(node(2), settings("g"), desk);
    eventually(() -> assertThat(desk.got()).containsExactly(new ServiceDelivery(message, 1)));
  }

  @Test
  void promise1CrashOfAConsumersNodeLosesNothing() {
    List<TestNode> cluster = freshCluster(3);
    ServiceDesk dying = holding();
    consumeUntilCrash(cluster.get(2), settings("g"), dying);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sent.add(send(cluster.get(0), "client-" + i));
    }
    eventually(() -> assertThat(dying.ids()).isNotEmpty());
    crash(cluster.get(2));
    ServiceDesk surviving = ServiceDesk.acknowledging();
    consume(cluster.get(1), settings("g"), surviving);
    eventually(() -> assertThat(surviving.ids()).containsExactlyInAnyOrderElementsOf(sent));
    for (String id : dying.ids()) {
      assertThat(surviving.attemptsOf(id)).containsExactly(2);
    }
  }

  @Test
  void promise1InboxOutlivesTheNodesThatHeldItWithWhatItsGroupsKnow() {
    TestNode first = freshCluster(1).get(0);
    ServiceDesk desk =
        ServiceDesk.answering(
            delivery ->
                delivery.message().client().client().equals("failing")
                    ? Promise.<ServiceAnswer>promise().future()
                    : Future.succeededFuture(ServiceAnswer.NONE));
    consumeUntilCrash(first, settings("g"), desk);
    consumeUntilCrash(first, settings("acknowledges nothing"), holding());
    List<String> done = new ArrayList<>();
    // The second of a client comes when the first is acknowledged.
    List<String> seconds = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      done.add(send(first, "client-" + i));
      seconds.add(send(first, "client-" + i));
    }
    String held = send(first, "failing");
    String behind = send(first, "failing");
    eventually(() -> assertThat(desk.ids()).containsAll(seconds).contains(held));
    TestNode second = freshCluster(1).get(0);
    ServiceDesk next = ServiceDesk.acknowledging();
    eventually(() -> assertThat(await(second.cluster().nodes())).hasSize(2));
    await(first.node().close());
    consume(second, settings("g"), next);
    String last = send(second, "failing");
    eventually(() -> assertThat(next.idsOf("failing")).containsExactly(held, behind, last));
    assertThat(next.attemptsOf(held)).containsExactly(2);
    assertThat(next.ids()).doesNotContainAnyElementsOf(done);
    ServiceDesk all = ServiceDesk.acknowledging();
    consume(second, settings("acknowledges nothing"), all);
    eventually(() -> assertThat(all.ids()).containsAll(done).contains(held, behind, last));
  }

  @Test
  void promise1AppendsDuringACrashAreNeitherLostNorDoubled() {
    List<TestNode> cluster = freshCluster(3);
    List<Future<Void>> appends = new ArrayList<>();
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ServiceMessage message = message("client-" + i % 50);
      sent.add(message.id());
      appends.add(cluster.get(0).inbox().append(service(), ROOMY, message));
      if (i == 150) {
        crash(cluster.get(2));
      }
    }
    awaitAll(appends);
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(cluster.get(1), settings("g"), desk);
    eventually(() -> assertThat(new TreeSet<>(desk.ids())).hasSize(sent.size()));
    assertThat(desk.ids()).containsExactlyInAnyOrderElementsOf(sent);
  }

  // 2: bounded.

  @Test
  void promise2FullInboxFailsAtOnceAndTakesMoreOnceThereIsRoom() {
    var policy = new InboxPolicy(2 * ServiceInbox.SHARDS);
    for (int i = 0; i < 2; i++) {
      await(node(i).inbox().append(service(), policy, message("busy")));
    }
    assertThat(failureOf(node(0).inbox().append(service(), policy, message("busy"))))
        .isEqualTo(Reason.OVERLOADED);
    assertThat(failureOf(node(2).inbox().append(service(), policy, message("busy"))))
        .isEqualTo(Reason.OVERLOADED);
    // Another shard has its own share.
    await(node(0).inbox().append(service(), policy, message(clientElsewhere("busy"))));

    consume(node(1), settings("g"), ServiceDesk.acknowledging());
    eventually(() -> await(node(0).inbox().append(service(), policy, message("busy"))));
  }

  @Test
  void promise2ShardIsBoundedInBytesToo() {
    Payload large = Payload.of(new byte[ServiceInbox.SHARD_BYTES * 2 / 3]);
    await(node(0).inbox().append(service(), ROOMY, message("c", large)));
    assertThat(failureOf(node(0).inbox().append(service(), ROOMY, message("c", large))))
        .isEqualTo(Reason.OVERLOADED);
    Payload tooLarge = Payload.of(new byte[ServiceInbox.SHARD_BYTES + 1]);
    assertThat(failureOf(node(0).inbox().append(service(), ROOMY, message("d", tooLarge))))
        .isEqualTo(Reason.LIMIT);
  }

  // 3: order per client.

  @Test
  void promise3MessagesOfOneClientComeInOrderAcrossTheGroup() {
    ServiceDesk one = ServiceDesk.acknowledging();
    ServiceDesk other = ServiceDesk.answering(delivery -> soon());
    List<ServiceDelivery> both = java.util.Collections.synchronizedList(new ArrayList<>());
    consume(node(0), settings("g"), delivery -> noted(both, delivery, one));
    consume(node(1), settings("g"), delivery -> noted(both, delivery, other));
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      sent.add(send(node(2), "client-" + i % 3));
    }
    eventually(() -> assertThat(both).hasSize(60));
    for (int c = 0; c < 3; c++) {
      String client = "client-" + c;
      int first = c;
      assertThat(
              both.stream()
                  .map(ServiceDelivery::message)
                  .filter(message -> message.client().client().equals(client))
                  .map(ServiceMessage::id))
          .containsExactlyElementsOf(
              IntStream.range(0, 20).mapToObj(i -> sent.get(first + 3 * i)).toList());
    }
  }

  @Test
  void promise3NextMessageOfAClientWaitsForTheAcknowledgement() {
    ServiceDesk desk = holding();
    consume(node(0), settings("g"), desk);
    String first = send(node(1), "c");
    String second = send(node(1), "c");
    String elsewhere = send(node(1), clientElsewhere("c"));
    eventually(() -> assertThat(desk.ids()).containsExactlyInAnyOrder(first, elsewhere));
    desk.finish(first);
    eventually(() -> assertThat(desk.idsOf("c")).containsExactly(first, second));
  }

  @Test
  void promise3FailingMessageHoldsBackItsClientOnly() {
    ServiceDesk desk =
        ServiceDesk.answering(
            delivery ->
                delivery.message().method().equals("fail") && delivery.attempt() < 3
                    ? Future.failedFuture("not yet")
                    : Future.succeededFuture(ServiceAnswer.NONE));
    ServiceMessage failing = message("c", Kind.RPC, "fail", 0);
    await(node(0).inbox().append(service(), ROOMY, failing));
    String next = send(node(0), "c");
    String elsewhere = send(node(0), clientElsewhere("c"));
    consume(node(0), settings("g"), desk);
    eventually(() -> assertThat(desk.ids()).contains(elsewhere, next));
    assertThat(desk.idsOf("c")).containsExactly(failing.id(), failing.id(), failing.id(), next);
  }

  // 4: acknowledged by success; otherwise handed out again.

  @Test
  void promise4FailedMessageComesAgainWithAHigherAttempt() {
    ServiceDesk desk =
        ServiceDesk.answering(
            delivery -> {
              if (delivery.attempt() == 1) {
                throw new IllegalStateException("thrown on purpose");
              }
              return delivery.attempt() < 4
                  ? Future.failedFuture("failed on purpose")
                  : Future.succeededFuture(ServiceAnswer.NONE);
            });
    consume(node(0), settings("g"), desk);
    String id = send(node(1), "c");
    String last = send(node(1), "c");
    eventually(() -> assertThat(desk.ids()).contains(last));
    assertThat(desk.attemptsOf(id)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void promise4MessageComesAgainWhenItsLeasePasses() {
    ServiceDesk hanging = holding();
    var settings = new ConsumerSettings(service(), "g", 1, Duration.ofMillis(300));
    Consumption hung = consume(node(0), settings, hanging);
    String id = send(node(1), "c");
    eventually(() -> assertThat(hanging.attemptsOf(id)).isNotEmpty());
    await(hung.close());
    ServiceDesk second = ServiceDesk.acknowledging();
    consume(node(1), settings("g"), second);
    eventually(() -> assertThat(second.attemptsOf(id)).hasSize(1));
    assertThat(second.attemptsOf(id).get(0)).isGreaterThan(1);
  }

  @Test
  void promise4HandlerThatNeverEndsKeepsItsPlaceForOneLeaseOnly() {
    ServiceDesk desk =
        ServiceDesk.answering(
            delivery ->
                delivery.attempt() == 1
                    ? Promise.<ServiceAnswer>promise().future()
                    : Future.succeededFuture(ServiceAnswer.NONE));
    consume(node(0), new ConsumerSettings(service(), "g", 1, Duration.ofMillis(300)), desk);
    String id = send(node(1), "c");
    eventually(() -> assertThat(desk.attemptsOf(id)).containsExactly(1, 2));
  }

  @Test
  void promise4ExpiredMessageIsAcknowledgedUnseen() {
    ServiceMessage expired = message("c", Kind.RPC, "m", 1);
    await(node(0).inbox().append(service(), ROOMY, expired));
    String next = send(node(0), "c");
    ServiceDesk desk = ServiceDesk.acknowledging();
    consume(node(1), settings("g"), desk);
    eventually(() -> assertThat(desk.ids()).containsExactly(next));
  }

  @Test
  void promise4ExpiredMessagesMakeRoomAlsoWithoutAConsumer() {
    var policy = new InboxPolicy(2 * ServiceInbox.SHARDS);
    for (int i = 0; i < 6; i++) {
      await(node(0).inbox().append(service(), policy, message("c", Kind.RPC, "m", 1)));
    }
  }

  @Test
  void promise4ConsumptionThatClosesGivesBack() {
    ServiceDesk closing = holding();
    Consumption consumption = consume(node(0), settings("g"), closing);
    String first = send(node(2), "c");
    String second = send(node(2), "c");
    eventually(() -> assertThat(closing.ids()).containsExactly(first));
    Future<Void> closed = consumption.close();
    assertThat(closed.isComplete()).isFalse();
    closing.finish(first);
    await(closed);
    ServiceDesk next = ServiceDesk.acknowledging();
    consume(node(1), settings("g"), next);
    eventually(() -> assertThat(next.ids()).containsExactly(second));
    assertThat(closing.ids()).containsExactly(first);
  }

  @Test
  void promise4NodeThatClosesGivesBack() {
    List<TestNode> cluster = freshCluster(2);
    ServiceDesk closing = holding();
    consumeUntilCrash(cluster.get(0), settings("g"), closing);
    String id = send(cluster.get(1), "c");
    eventually(() -> assertThat(closing.ids()).containsExactly(id));
    await(cluster.get(0).node().close());
    ServiceDesk next = ServiceDesk.acknowledging();
    consume(cluster.get(1), settings("g"), next);
    eventually(() -> assertThat(next.attemptsOf(id)).containsExactly(2));
  }
}
