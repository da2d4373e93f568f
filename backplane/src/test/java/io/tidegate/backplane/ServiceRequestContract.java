package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The promises 5 and 6 of {@link ServiceInbox}: requests and groups. */
public abstract class ServiceRequestContract extends ServiceInboxSuite {
  // 5: requests.

  @Test
  void promise5RequestGetsTheServicesAnswer() {
    consume(
        node(0),
        settings("g"),
        ServiceDesk.answering(
            delivery ->
                Future.succeededFuture(
                    ServiceAnswer.of(
                        Payload.utf8(
                            delivery.message().method()
                                + " of "
                                + delivery.message().data().text())))));
    for (TestNode asker : nodes()) {
      ServiceMessage message = message("c-" + asker.cluster().nodeId(), Kind.RPC, "price", 0);
      assertThat(await(asker.inbox().request(service(), ROOMY, message, LONG)))
          .isEqualTo(ServiceAnswer.of(Payload.utf8("price of x")));
    }
  }

  @Test
  void promise5ErrorOfTheServiceIsAnAnswer() {
    ServiceDesk desk =
        ServiceDesk.answering(
            delivery -> Future.succeededFuture(ServiceAnswer.error(404, "no such thing")));
    consume(node(0), settings("g"), desk);
    ServiceMessage message = message("c", Kind.RPC, "m", 0);
    assertThat(await(node(1).inbox().request(service(), ROOMY, message, LONG)))
        .isEqualTo(ServiceAnswer.error(404, "no such thing"));
    assertThat(desk.ids()).containsExactly(message.id());
  }

  @Test
  void promise5FirstAnswerWinsAndTheSecondIsDropped() {
    Promise<ServiceAnswer> late = Promise.promise();
    consume(
        node(0),
        settings("quick"),
        ServiceDesk.answering(d -> Future.succeededFuture(ServiceAnswer.of(Payload.utf8("1")))));
    ServiceDesk slow = ServiceDesk.answering(delivery -> late.future());
    consume(node(1), settings("slow"), slow);
    ServiceMessage message = message("c", Kind.RPC, "m", 0);
    assertThat(await(node(2).inbox().request(service(), ROOMY, message, LONG)).data().text())
        .isEqualTo("1");
    eventually(() -> assertThat(slow.ids()).containsExactly(message.id()));
    late.complete(ServiceAnswer.of(Payload.utf8("2")));
    // It was acknowledged all the same, so the client's next message comes.
    String next = send(node(2), "c");
    eventually(() -> assertThat(slow.ids()).containsExactly(message.id(), next));
  }

  @Test
  void promise5RequestThatNobodyAnswersFailsInTime() {
    ServiceMessage message = message("c", Kind.RPC, "m", 0);
    assertThat(
            failureOf(node(0).inbox().request(service(), ROOMY, message, Duration.ofMillis(500))))
        .isEqualTo(Reason.INDETERMINATE);
  }

  @Test
  void promise5RequestToAFullInboxFailsAtOnce() {
    var policy = new InboxPolicy(ServiceInbox.SHARDS);
    await(node(0).inbox().append(service(), policy, message("c")));
    ServiceMessage message = message("c", Kind.RPC, "m", 0);
    assertThat(failureOf(node(0).inbox().request(service(), policy, message, LONG)))
        .isEqualTo(Reason.OVERLOADED);
  }

  // 6: groups.

  @Test
  void promise6EachGroupGetsAllAndAMemberOfAGroupItsShare() {
    ServiceDesk a1 = ServiceDesk.acknowledging();
    ServiceDesk a2 = ServiceDesk.acknowledging();
    ServiceDesk b = ServiceDesk.acknowledging();
    consume(node(0), settings("a"), a1);
    consume(node(1), settings("a"), a2);
    consume(node(1), settings("b"), b);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      sent.add(send(node(2), "client-" + i));
    }
    eventually(() -> assertThat(b.ids()).containsExactlyInAnyOrderElementsOf(sent));
    eventually(
        () -> {
          List<String> both = new ArrayList<>(a1.ids());
          both.addAll(a2.ids());
          assertThat(both).containsExactlyInAnyOrderElementsOf(sent);
        });
  }

  @Test
  void promise6GroupKeepsItsPlaceWithoutConsumers() {
    ServiceDesk before = ServiceDesk.acknowledging();
    Consumption consumption = consume(node(0), settings("g"), before);
    consume(node(0), settings("other"), ServiceDesk.acknowledging());
    String seen = send(node(0), "c");
    eventually(() -> assertThat(before.ids()).containsExactly(seen));
    await(consumption.close());
    List<String> missed = IntStream.range(0, 5).mapToObj(i -> send(node(1), "c")).toList();
    ServiceDesk after = ServiceDesk.acknowledging();
    consume(node(2), settings("g"), after);
    eventually(() -> assertThat(after.ids()).containsExactlyElementsOf(missed));
  }

  @Test
  void promise6ForgottenGroupHoldsNothingBack() {
    var policy = new InboxPolicy(2 * ServiceInbox.SHARDS);
    await(consume(node(0), settings("gone"), ServiceDesk.acknowledging()).close());
    ServiceDesk stays = ServiceDesk.acknowledging();
    consume(node(0), settings("stays"), stays);
    for (int i = 0; i < 2; i++) {
      await(node(0).inbox().append(service(), policy, message("c")));
    }
    eventually(() -> assertThat(stays.ids()).hasSize(2));
    assertThat(failureOf(node(0).inbox().append(service(), policy, message("c"))))
        .isEqualTo(Reason.OVERLOADED);
    await(node(1).inbox().forget(service(), "gone"));
    await(node(1).inbox().forget(service(), "never was"));
    eventually(() -> await(node(0).inbox().append(service(), policy, message("c"))));
  }

  @Test
  void promise6OneGroupTooManyIsRefused() {
    for (int i = 0; i < ServiceInbox.GROUPS; i++) {
      consume(node(i % 3), settings("g" + i), ServiceDesk.acknowledging());
    }
    assertThat(failureOf(node(0).inbox().consume(settings("more"), ServiceDesk.acknowledging())))
        .isEqualTo(Reason.LIMIT);
  }
}
