package io.tidegate.gateway.api;

import static io.tidegate.gateway.api.ApiFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.client.BackplaneClient;
import io.tidegate.backplane.client.ChannelHistory;
import io.tidegate.backplane.client.ClientException;
import io.tidegate.backplane.client.PublishOptions;
import io.tidegate.backplane.local.LocalNode;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The server API over the backplane, by the client for services and by hand. */
final class ApiCallsTest {
  private final ApiFixture api = new ApiFixture(List.of());
  private final LocalNode service =
      LocalNode.forService(
          api.vertx, new NodeInfo("service", "service", "1", 1), api.store, BackplaneMetrics.NONE);
  private final BackplaneClient client =
      BackplaneClient.over(api.vertx, service, new SecureRandom());

  @BeforeEach
  void start() {
    await(client.start());
  }

  @AfterEach
  void close() {
    await(client.close());
    api.close();
  }

  @Test
  void aServicePublishesAndReadsWhatTheNamespaceKeeps() {
    var tagged = PublishOptions.DEFAULTS.tags(Map.of("k", "v"));

    StreamPosition first = await(client.publish("news", Payload.utf8(" { \"n\" : 1 } "), tagged));
    await(client.publish("news", Payload.utf8("2")));
    ChannelHistory history = await(client.history("news", HistoryQuery.after(first, 10)));
    ChannelHistory all = await(client.history("news", new HistoryQuery(null, 10, false)));

    assertThat(history.top()).isEqualTo(new StreamPosition(first.epoch(), 2));
    assertThat(history.publications()).extracting(Publication::offset).containsExactly(2L);
    assertThat(all.publications().get(0).data()).isEqualTo(Payload.utf8("{\"n\":1}"));
    assertThat(all.publications().get(0).tags()).containsExactly(Map.entry("k", "v"));
    assertThat(api.requests("publish", "ok")).isEqualTo(2);
  }

  @Test
  void bytesComeBackAsTheyWere() {
    Payload bytes = Payload.of(new byte[] {0, -1, 10});

    await(client.publish("bytes:news", bytes));

    assertThat(await(client.history("bytes:news", new HistoryQuery(null, 1, false))).publications())
        .extracting(Publication::data)
        .containsExactly(bytes);
  }

  @Test
  void aPublishRepeatedUnderItsKeyAppendsOnce() {
    var options = PublishOptions.DEFAULTS.idempotencyKey("order-7");

    StreamPosition first = await(client.publish("news", Payload.utf8("1"), options));

    assertThat(await(client.publish("news", Payload.utf8("1"), options))).isEqualTo(first);
  }

  @Test
  void aServiceReadsPresence() {
    var ann = new ClientInfo("c1", "ann", Payload.utf8("{\"name\":\"Ann\"}"), null);
    await(api.node.presence().add("news", ann, false));

    assertThat(await(client.presence("news"))).isEqualTo(Map.of("c1", ann));
    assertThat(await(client.presenceStats("news"))).isEqualTo(new PresenceStats(1, 1));
  }

  @Test
  void refusalsAreTyped() {
    assertThat(codeOf(client.publish("unknown:news", Payload.utf8("1")))).isEqualTo(102);
    assertThat(codeOf(client.publish("news", Payload.utf8("1,\"tags\":{}")))).isEqualTo(107);
    assertThat(codeOf(client.presence("bare:news"))).isEqualTo(108);
    var foreign = new StreamPosition("elsewhere", 7);
    assertThat(codeOf(client.history("news", HistoryQuery.after(foreign, 1)))).isEqualTo(112);
    assertThat(codeOf(client.publish("news", Payload.utf8("1".repeat(ApiFixture.MAX_BODY)))))
        .isEqualTo(106);
  }

  private static int codeOf(Future<?> call) {
    Throwable failure = catchThrowable(() -> call.toCompletionStage().toCompletableFuture().join());
    if (failure != null && failure.getCause() instanceof ClientException refused) {
      return refused.code();
    }
    throw new AssertionError("not refused", failure);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | 107 | method (expected: a string)",
        "{'method':'reboot','params':{}} | 104 | ",
        "{'method':'publish'} | 107 | body (expected: one JSON object)",
        "{'method':'publish','params':7} | 107 | params (expected: an object)",
        "{'method':'publish','params':{}} | 107 | channel (expected: a string)",
      })
  void callsThatAreNoneAreAnswered(String body, int code, String message) {
    var command = new NodeCommand("api", Payload.utf8(body.replace('\'', '"')));

    Payload answer = await(api.commands.handle(command));

    JsonObject error = new JsonObject(answer.text()).getJsonObject("error");
    assertThat(error.getInteger("code")).isEqualTo(code);
    assertThat(error.getString("message")).contains(message == null ? "" : message);
  }
}
