package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.tidegate.gateway.protocol.generated.ClientProto;
import io.tidegate.gateway.service.Backend;
import io.tidegate.gateway.service.BreakerSettings;
import io.tidegate.gateway.service.ServiceSettings;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.ProtobufClient;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ServiceCommandsIT {
  private static final int CALLS_IN_FLIGHT = 3;

  private final Backend backend = new Backend();
  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store()),
          new ServicesSettings(
              List.of(service()), Map.of("chat.*", "backend"), "backend", CALLS_IN_FLIGHT));
  private final TestClient ann = TestClient.open(node.uri(), TestTokens.of("ann"));

  private ServiceSettings service() {
    return new ServiceSettings.Http(
        "backend",
        backend.url(),
        List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        null,
        Duration.ofSeconds(20),
        16,
        16,
        1_024,
        new BreakerSettings(100, 100, Duration.ofSeconds(1)));
  }

  @AfterEach
  void close() {
    ann.close();
    node.close();
    backend.close();
  }

  private static JsonObject rpc(String method) {
    return new JsonObject().put("method", method).put("data", new JsonObject().put("n", 1));
  }

  private static JsonObject error(JsonObject reply) {
    return reply.getJsonObject("error", new JsonObject());
  }

  private double requests(String outcome) {
    return node.metric(
        "tidegate_service_requests_total",
        List.of("service", "outcome"),
        List.of("backend", outcome));
  }

  private double commands(String command, String outcome) {
    return node.metric(
        "tidegate_commands_total", List.of("command", "outcome"), List.of(command, outcome));
  }

  @Test
  void theAnswerOfTheServiceIsTheReply() {
    backend.answers(200, "{\"big\": 12345678901234567890, \"s\": \"\\u00e4\"}");
    JsonObject reply = ann.command("rpc", rpc("chat.send"));
    JsonObject data = reply.getJsonObject("rpc").getJsonObject("data");
    assertThat(data.getValue("big")).hasToString("12345678901234567890");
    Backend.Received request = backend.received().get(0);
    assertThat(request.body()).isEqualTo("{\"n\":1}");
    assertThat(request.headers().get("ce-user")).isEqualTo("ann");
    assertThat(request.headers().names()).noneMatch(name -> name.equalsIgnoreCase("authorization"));
    assertThat(commands("rpc", "ok")).isEqualTo(1);
  }

  @Test
  void whatProtobufClientsSendIsJsonToo() {
    backend.answers(200, "{\"n\": 2}");
    try (ProtobufClient bob = ProtobufClient.open(node.uri(), TestTokens.of("bob"))) {
      assertThat(bob.command(rpc("chat.send", "[1]")).getRpc().getData().toStringUtf8())
          .isEqualTo("{\"n\": 2}");
      assertThat(bob.command(rpc("chat.send", "")).hasRpc()).isTrue();
      assertThat(bob.command(rpc("chat.send", "\0")).getError().getMessage())
          .isEqualTo("bad request: rpc.data: not valid JSON (expected: one JSON value)");
      // An SDK gives a send an id like any other command, and expects no reply.
      var send = ClientProto.SendRequest.newBuilder().setData(ByteString.copyFromUtf8("7"));
      bob.send(ProtobufClient.command().setId(99).setSend(send).build());
      await().until(() -> backend.received().size() == 3);
      assertThat(backend.received())
          .extracting(Backend.Received::body)
          .containsExactly("[1]", "null", "7");
    }
  }

  private static ClientProto.Command.Builder rpc(String method, String data) {
    return ProtobufClient.command()
        .setRpc(
            ClientProto.RPCRequest.newBuilder()
                .setMethod(method)
                .setData(ByteString.copyFromUtf8(data)));
  }

  @Test
  void theServicesOwnErrorReachesTheClientAsItIs() {
    backend.answers(409, "{\"error\":{\"code\":4091,\"message\":\"room \\\"x\\\" is full\"}}");
    JsonObject error = error(ann.command("rpc", rpc("chat.join")));
    assertThat(error)
        .isEqualTo(new JsonObject().put("code", 4091).put("message", "room \"x\" is full"));
    assertThat(commands("rpc", "service_error")).isEqualTo(1);
  }

  @Test
  void aFailingServiceIsATemporaryErrorAndAWrongOneIsNot() {
    backend.answers(500, "");
    assertThat(error(ann.command("rpc", rpc("chat.send"))))
        .isEqualTo(
            new JsonObject()
                .put("code", 100)
                .put("message", "internal server error: service failed")
                .put("temporary", true));
    backend.answers(503, "");
    assertThat(error(ann.command("rpc", rpc("chat.send"))).getInteger("code")).isEqualTo(111);
    backend.answers(200, "<html>");
    assertThat(error(ann.command("rpc", rpc("chat.send"))))
        .isEqualTo(
            new JsonObject().put("code", 108).put("message", "not available: service bad_answer"));
  }

  @Test
  void methodsWithoutAServiceAreNotFound() {
    assertThat(error(ann.command("rpc", rpc("news.read"))).getInteger("code")).isEqualTo(104);
    assertThat(error(ann.command("rpc", rpc("chat." + "x".repeat(256)))).getInteger("code"))
        .isEqualTo(107);
    assertThat(backend.received()).isEmpty();
  }

  @Test
  void whatComesBehindAnRpcDoesNotWaitForIt() {
    backend.holds();
    int slow = ann.send("rpc", rpc("chat.send"));
    await().until(() -> backend.received().size() == 1);
    assertThat(ann.command("ping", new JsonObject()).containsKey("ping")).isTrue();
    assertThat(ann.messages()).noneMatch(m -> m.getInteger("id", 0) == slow);
    backend.release("7");
    assertThat(ann.awaitReply(slow).getJsonObject("rpc").getInteger("data")).isEqualTo(7);
  }

  @Test
  void oneConnectionsCallsInFlightAreBounded() {
    backend.holds();
    int first = ann.send("rpc", rpc("chat.a"));
    ann.sendText("{\"send\":{\"data\":1}}");
    int third = ann.send("rpc", rpc("chat.c"));
    await().until(() -> backend.received().size() == CALLS_IN_FLIGHT);
    JsonObject refused = error(ann.command("rpc", rpc("chat.d")));
    assertThat(refused.getInteger("code")).isEqualTo(111);
    assertThat(refused.getBoolean("temporary")).isTrue();
    assertThat(node.metric("tidegate_limit_hits_total", "limit", "calls_in_flight")).isEqualTo(1);
    try (TestClient bob = TestClient.open(node.uri(), TestTokens.of("bob"))) {
      int other = bob.send("rpc", rpc("chat.e"));
      await().until(() -> backend.received().size() == CALLS_IN_FLIGHT + 1);
      backend.release("1");
      for (int id : new int[] {first, third}) {
        assertThat(ann.awaitReply(id).containsKey("rpc")).isTrue();
      }
      assertThat(bob.awaitReply(other).containsKey("rpc")).isTrue();
    }
    backend.answers(200, "2");
    assertThat(ann.command("rpc", rpc("chat.f")).containsKey("rpc")).isTrue();
  }

  @Test
  void anAnswerForAConnectionThatIsGoneIsDropped() {
    backend.holds();
    int ignored = ann.send("rpc", rpc("chat.send"));
    await().until(() -> backend.received().size() == 1);
    ann.abort();
    await().until(() -> node.admission().connections() == 0);
    backend.release("1");
    await().until(() -> requests("ok") == 1);
    assertThat(node.metric("tidegate_service_inflight", "service", "backend")).isZero();
    assertThat(commands("rpc", "ok")).isEqualTo(1);
  }

  @Test
  void whatAClientSendsReachesTheServiceAndItsFailureIsCountedOnly() {
    backend.answers(200, "");
    ann.sendText("{\"send\":{\"data\":{\"x\":1}}}");
    await().until(() -> requests("ok") == 1);
    assertThat(backend.received().get(0).body()).isEqualTo("{\"x\":1}");

    backend.answers(500, "");
    ann.sendText("{\"send\":{\"data\":2}}");
    await().until(() -> requests("failed") == 1);
    await().until(() -> commands("send", "internal") == 1);
    assertThat(ann.command("ping", new JsonObject()).containsKey("ping")).isTrue();
    assertThat(ann.messages()).allMatch(m -> m.getInteger("id", 0) > 0);
  }
}
