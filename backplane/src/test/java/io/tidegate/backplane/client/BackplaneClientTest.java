package io.tidegate.backplane.client;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.backplane.local.LocalSettings;
import io.tidegate.backplane.local.LocalStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client over a local backplane whose gateways say what a test tells them to. */
final class BackplaneClientTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Payload DATA = Payload.utf8("{\"n\":1}");
  private static final String POSITION = "{\"result\":{\"offset\":7,\"epoch\":\"e\"}}";

  private final Vertx vertx = Vertx.vertx();
  private final SecureRandom random = new SecureRandom();
  private final LocalStore store =
      new LocalStore(
          new LocalSettings(1_000, 100, 1_000, Duration.ofSeconds(5), Duration.ofMillis(100)),
          Clock.systemUTC(),
          System::nanoTime,
          random);
  private final List<LocalNode> gateways = new ArrayList<>();
  private final List<BackplaneClient> clients = new ArrayList<>();
  private final List<JsonObject> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    clients.forEach(client -> await(client.close()));
    gateways.forEach(gateway -> await(gateway.close()));
    await(vertx.close());
  }

  private void gateway(CommandHandler commands) {
    String id = "gateway-" + gateways.size();
    var node = new LocalNode(vertx, new NodeInfo(id, id, "1", 1), store, BackplaneMetrics.NONE);
    gateways.add(node);
    await(node.start(new NoListener(), commands));
  }

  private void gatewayAnswering(Function<Integer, String> answerToNth) {
    gateway(command -> Future.succeededFuture(Payload.utf8(answerToNth.apply(noted(command)))));
  }

  private synchronized int noted(NodeCommand command) {
    assertThat(command.name()).isEqualTo("api");
    asked.add(new JsonObject(command.body().text()));
    return asked.size();
  }

  private BackplaneClient client(Duration deadline) {
    var info = new NodeInfo("service", "service", "1", 1);
    var node = LocalNode.forService(vertx, info, store, BackplaneMetrics.NONE);
    BackplaneClient client = BackplaneClient.over(vertx, node, deadline, random);
    clients.add(client);
    await(client.start());
    return client;
  }

  private List<String> keys() {
    return asked.stream()
        .map(call -> call.getJsonObject("params").getString("idempotency_key"))
        .toList();
  }

  @Test
  void whatAGatewayIsAsked() {
    gatewayAnswering(nth -> POSITION);
    var options = PublishOptions.DEFAULTS.tags(Map.of("a", "b")).idempotencyKey("mine");

    StreamPosition position = await(client(LONG).publish("news", DATA, options));

    assertThat(position).isEqualTo(new StreamPosition("e", 7));
    assertThat(asked)
        .containsExactly(
            new JsonObject(
                """
                {"method": "publish", "params": {"channel": "news", "b64data": "eyJuIjoxfQ==",
                 "idempotency_key": "mine", "tags": {"a": "b"}}}"""));
  }

  @Test
  void aGatewayThatDoesNotAnswerIsPassedOverUnderTheSameKey() {
    // Whichever is asked first is silent.
    for (int i = 0; i < 2; i++) {
      gateway(
          command ->
              noted(command) == 1
                  ? Promise.<Payload>promise().future()
                  : Future.succeededFuture(Payload.utf8(POSITION)));
    }

    assertThat(await(client(LONG).publish("news", DATA)).offset()).isEqualTo(7);
    assertThat(keys()).hasSize(2);
    assertThat(keys().get(0)).isNotEmpty().isEqualTo(keys().get(1));
  }

  @Test
  void everyCallHasAKeyOfItsOwn() {
    gatewayAnswering(nth -> POSITION);
    BackplaneClient client = client(LONG);

    await(client.publish("news", DATA));
    await(client.publish("news", DATA));

    assertThat(keys()).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void temporaryErrorsAndRubbishAreAskedAgain() {
    List<String> answers =
        List.of(
            "{\"error\":{\"code\":100,\"message\":\"internal server error\"}}",
            "{\"error\":{\"code\":111,\"message\":\"too many requests\"}}",
            "{\"error\":7}",
            "{\"result\":{}}",
            "{}",
            "<html>",
            POSITION);
    gatewayAnswering(nth -> answers.get(nth - 1));

    assertThat(await(client(LONG).publish("news", DATA)).offset()).isEqualTo(7);
    assertThat(keys()).hasSize(answers.size()).containsOnly(keys().get(0));
  }

  @Test
  void aRefusalIsAnsweredAtOnce() {
    gatewayAnswering(nth -> "{\"error\":{\"code\":102,\"message\":\"unknown channel\"}}");

    assertThatThrownBy(() -> await(client(LONG).publish("no:news", DATA)))
        .isInstanceOfSatisfying(ClientException.class, e -> assertThat(e.code()).isEqualTo(102))
        .hasMessage("unknown channel");
    assertThat(asked).hasSize(1);
  }

  @Test
  void aPublishThatNobodyConfirmedIsUndecided() {
    gateway(command -> Promise.<Payload>promise().future());
    BackplaneClient client = client(SHORT);

    assertThat(failureOf(client.publish("news", DATA))).isEqualTo(Reason.INDETERMINATE);
    assertThat(failureOf(client.presence("news"))).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void nothingWasDoneWhereAllWereBusyOrNobodyWasThere() {
    BackplaneClient client = client(SHORT);
    assertThat(failureOf(client.publish("news", DATA))).isEqualTo(Reason.UNAVAILABLE);

    gatewayAnswering(nth -> "{\"error\":{\"code\":111,\"message\":\"too many requests\"}}");
    assertThat(failureOf(client.publish("news", DATA))).isEqualTo(Reason.OVERLOADED);
  }

  @Test
  void callsUnderWayAreBounded() {
    gateway(command -> Promise.<Payload>promise().future());
    BackplaneClient client = client(LONG);
    List<Future<StreamPosition>> calls =
        IntStream.range(0, BackplaneClient.CALLS_AT_MOST)
            .mapToObj(n -> client.publish("news", DATA))
            .toList();

    assertThat(failureOf(client.publish("news", DATA))).isEqualTo(Reason.OVERLOADED);
    await(client.close());
    assertThat(calls)
        .allSatisfy(call -> assertThat(failureOf(call)).isEqualTo(Reason.INDETERMINATE));
  }

  @Test
  void aClientThatIsNotOpenRefuses() {
    BackplaneClient client = client(LONG);
    await(client.close());
    await(client.close());

    assertThat(failureOf(client.publish("news", DATA))).isEqualTo(Reason.CLOSED);
    assertThat(
            failureOf(
                client.consume(
                    ConsumerSettings.of("chat"),
                    delivery -> Future.succeededFuture(ServiceAnswer.NONE))))
        .isEqualTo(Reason.CLOSED);
  }

  @Test
  void historyIsReadWithAllThatItHolds() {
    gatewayAnswering(
        nth ->
            """
            {"result": {"offset": 9, "epoch": "e", "publications": [
              {"data": {"b": 1, "a": [1.5, null, "\u00fc"]}, "offset": 8, "time": 5, "tags": {"k": "v"},
               "info": {"client": "c", "user": "ann", "conn_info": {"x": 1}}},
              {"b64data": "AAH/", "offset": 9, "time": 6}]}}""");
    BackplaneClient client = client(LONG);

    ChannelHistory history =
        await(client.history("news", new HistoryQuery(new StreamPosition("e", 7), 5, true)));

    assertThat(asked.get(0).getJsonObject("params"))
        .isEqualTo(
            new JsonObject(
                """
                {"channel": "news", "limit": 5, "reverse": true, "since": {"epoch": "e", "offset": 7}}"""));
    assertThat(history.top()).isEqualTo(new StreamPosition("e", 9));
    Publication first = history.publications().get(0);
    assertThat(first.data().text()).isEqualTo("{\"b\":1,\"a\":[1.5,null,\"\u00fc\"]}");
    assertThat(first.tags()).containsExactly(Map.entry("k", "v"));
    assertThat(first.info()).isEqualTo(new ClientInfo("c", "ann", Payload.utf8("{\"x\":1}"), null));
    assertThat(history.publications().get(1).data())
        .isEqualTo(Payload.of(new byte[] {0, 1, (byte) 0xff}));
  }
}
