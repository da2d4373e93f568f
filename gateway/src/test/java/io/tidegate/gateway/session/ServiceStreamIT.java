package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceDelivery;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.gateway.service.ServiceSettings;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code rpc} and {@code send} by way of an inbox. */
final class ServiceStreamIT {
  private static final Duration TIMEOUT = Duration.ofMillis(800);
  private static final int PATIENT_PER_CLIENT = 10;

  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store()),
          new ServicesSettings(
              List.of(
                  new ServiceSettings.Stream("jobs", TIMEOUT, 1_024, new InboxPolicy(16)),
                  new ServiceSettings.Stream(
                      "patient",
                      Duration.ofSeconds(20),
                      1_024,
                      new InboxPolicy(PATIENT_PER_CLIENT * ServiceInbox.SHARDS))),
              Map.of("*", "jobs", "patient.*", "patient"),
              "patient",
              32));
  private final TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));
  private final Queue<ServiceDelivery> taken = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    ann.close();
    node.close();
  }

  private void consume(String service, ServiceHandler handler) {
    assertThat(
            TestNode.await(node.backplane().inbox().consume(ConsumerSettings.of(service), handler)))
        .isNotNull();
  }

  private Future<ServiceAnswer> answer(ServiceDelivery delivery, String json) {
    taken.add(delivery);
    return Future.succeededFuture(ServiceAnswer.of(Payload.utf8(json)));
  }

  private static JsonObject rpc(String method) {
    return new JsonObject().put("method", method).put("data", new JsonObject().put("n", 1));
  }

  @Test
  void theAnswerOfAConsumerIsTheReply() {
    consume("patient", delivery -> answer(delivery, "{\"ok\":true}"));
    JsonObject reply = ann.command("rpc", rpc("patient.ask"));
    assertThat(reply.getJsonObject("rpc").getJsonObject("data"))
        .isEqualTo(new JsonObject().put("ok", true));
    var message = taken.element().message();
    assertThat(message.method()).isEqualTo("patient.ask");
    assertThat(message.data().text()).isEqualTo("{\"n\":1}");
    assertThat(message.client().user()).isEqualTo("ann");
    assertThat(message.expiresMillis()).isGreaterThan(message.timeMillis());
  }

  @Test
  void aConsumersErrorIsTheClients() {
    consume(
        "patient",
        delivery -> Future.succeededFuture(ServiceAnswer.error(4_091, "the room is full")));
    assertThat(ann.command("rpc", rpc("patient.ask")).getJsonObject("error"))
        .isEqualTo(new JsonObject().put("code", 4_091).put("message", "the room is full"));
  }

  @Test
  void aHandlerThatFailsOnceIsAskedAgainAndTheClientNoticesNothing() {
    consume(
        "patient",
        delivery ->
            delivery.attempt() == 1
                ? Future.failedFuture("not yet")
                : answer(delivery, Integer.toString(delivery.attempt())));
    assertThat(ann.command("rpc", rpc("patient.ask")).getJsonObject("rpc").getInteger("data"))
        .isEqualTo(2);
  }

  @Test
  void whatIsSentIsTakenInItsOrder() {
    consume("patient", delivery -> answer(delivery, "null"));
    for (int n = 1; n <= 5; n++) {
      assertThat(ann.send("send", new JsonObject().put("data", n))).isPositive();
    }
    await()
        .untilAsserted(
            () ->
                assertThat(taken)
                    .extracting(delivery -> delivery.message().data().text())
                    .containsExactly("1", "2", "3", "4", "5"));
  }

  @Test
  void aFullInboxIsATemporaryErrorAtOnce() {
    for (int n = 0; n < PATIENT_PER_CLIENT; n++) {
      assertThat(ann.send("send", new JsonObject().put("data", n))).isPositive();
    }
    JsonObject full = ann.command("rpc", rpc("patient.ask")).getJsonObject("error");
    assertThat(full.getInteger("code")).isEqualTo(111);
    assertThat(full.getBoolean("temporary")).isTrue();
  }

  @Test
  void nobodyThereIsATemporaryErrorInBoundedTime() {
    JsonObject late = ann.command("rpc", rpc("ask")).getJsonObject("error");
    assertThat(late.getInteger("code")).isEqualTo(100);
    assertThat(late.getBoolean("temporary")).isTrue();
    // What has expired makes room, and is not handed out.
    assertThat(ann.command("rpc", rpc("ask")).getJsonObject("error").getInteger("code"))
        .isEqualTo(100);
    consume("jobs", delivery -> answer(delivery, "1"));
    assertThat(ann.command("rpc", rpc("ask")).getJsonObject("rpc").getInteger("data")).isEqualTo(1);
    assertThat(taken).hasSize(1);
  }
}
