package io.tidegate.gateway.it;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.client.BackplaneClient;
import io.tidegate.backplane.client.ChannelHistory;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Services in Java beside two gateway processes: the client, and the example of the documents. */
abstract class JavaServiceSuite {
  private static final Path EXAMPLE =
      Path.of("..", "docs", "examples", "java-service", "ChatService.java")
          .toAbsolutePath()
          .normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SERVICES =
      """
      services: { chat: { type: stream, timeout: 20s } }
      rpc: { chat.*: chat }
      """;
  private static final int BEFORE_THE_KILL = 50;
  private static final int PUBLICATIONS = 300;

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private final SecureRandom random = new SecureRandom();
  private final Vertx vertx = Vertx.vertx();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private @Nullable BackplaneNode service;
  private @Nullable BackplaneClient client;
  private @Nullable Process example;

  /** Gateways that find each other. */
  abstract List<NodeConfig> cluster(String... names);

  /** A service's node beside them. */
  abstract BackplaneNode serviceNode(Vertx vertx, NodeInfo info, SecureRandom random);

  /** What the example needs to know. */
  abstract Map<String, String> environment();

  @BeforeEach
  void start() {
    cluster("one", "two").forEach(config -> gateways.add(nodes.serve(config.more(SERVICES))));
    gateways.forEach(gateway -> gateway.api().awaitNodes("one", "two"));
    service = serviceNode(vertx, new NodeInfo("service", "service", "1", 1), random);
    client = BackplaneClient.over(vertx, service, Duration.ofSeconds(30), random);
    done(client.start());
  }

  @AfterEach
  void end() {
    if (example != null) {
      example.destroyForcibly();
    }
    done(client().close());
    done(vertx.close());
  }

  private BackplaneClient client() {
    return requireNonNull(client, "client");
  }

  private BackplaneNode service() {
    return requireNonNull(service, "service");
  }

  @Test
  void aServiceIsNoNodePublishesAndReads() {
    for (GatewayProcess gateway : gateways) {
      assertThat(gateway.api().nodes()).containsExactlyInAnyOrder("one", "two");
    }
    assertThat(done(service().cluster().nodes()))
        .extracting(NodeInfo::name)
        .containsExactlyInAnyOrder("one", "two");
    try (Follower ann = Follower.of(gateways.get(0), "ann", "news");
        Follower bob = Follower.of(gateways.get(1), "bob", "news")) {
      StreamPosition first = publish("news", 1);
      StreamPosition second = publish("news", 2);

      ann.awaitNumbers(2);
      bob.awaitNumbers(2);
      assertThat(done(client().presence("news")).values())
          .extracting(ClientInfo::user)
          .containsExactlyInAnyOrder("ann", "bob");
      assertThat(done(client().presenceStats("news"))).isEqualTo(new PresenceStats(2, 2));
      ChannelHistory history = done(client().history("news", HistoryQuery.after(first, 10)));
      assertThat(history.top()).isEqualTo(second);
      assertThat(history.publications())
          .extracting(Publication::data)
          .containsExactly(Payload.utf8("{\"n\":2}"));
    }
  }

  @Test
  void whatIsPublishedWhileAGatewayIsKilledArrivesOnce() {
    try (Follower ann = Follower.of(gateways.get(1), "ann", "news")) {
      for (int n = 1; n <= PUBLICATIONS; n++) {
        if (n == BEFORE_THE_KILL) {
          // Several calls are on their way to it, or will be before anybody knows.
          List<Future<StreamPosition>> underWay = new ArrayList<>();
          for (int i = 0; i < 20; i++) {
            underWay.add(client().publish("other", Payload.utf8("{\"n\":" + i + "}")));
          }
          gateways.get(0).kill();
          underWay.forEach(JavaServiceSuite::done);
        }
        assertThat(publish("news", n).offset()).isEqualTo(n);
      }

      ann.awaitNumbers(PUBLICATIONS);
      assertThat(done(client().history("other", HistoryQuery.positionOnly())).top().offset())
          .isEqualTo(20);
    }
  }

  @Test
  void theExampleAnswersPublishesAndReadsPresence() throws IOException {
    startExample();
    try (Follower ann = Follower.of(gateways.get(0), "ann", "room");
        TestClient bob = TestClient.open(gateways.get(1).uri(), TestTokens.of("bob"))) {
      JsonObject wish = new JsonObject().put("room", "room").put("text", "hi");
      assertThat(rpc(bob, "chat.say", wish).getJsonObject("rpc"))
          .isEqualTo(new JsonObject().put("data", new JsonObject().put("offset", 1)));
      await()
          .untilAsserted(
              () ->
                  assertThat(ann.client().pushes("room", "pub"))
                      .extracting(pub -> pub.getJsonObject("data"))
                      .containsExactly(new JsonObject().put("from", "bob").put("text", "hi")));
      assertThat(rpc(ann.client(), "chat.who", wish).getJsonObject("rpc").getJsonObject("data"))
          .isEqualTo(new JsonObject().put("users", new JsonArray().add("ann")));

      assertThat(errorOf(rpc(bob, "chat.dance", wish))).isEqualTo(404);
      assertThat(errorOf(rpc(bob, "chat.say", new JsonArray()))).isEqualTo(400);
      assertThat(errorOf(rpc(bob, "chat.who", new JsonObject().put("room", "no:room"))))
          .isEqualTo(422);
    }
  }

  private static JsonObject rpc(TestClient asker, String method, Object data) {
    return asker.command("rpc", new JsonObject().put("method", method).put("data", data));
  }

  private static int errorOf(JsonObject reply) {
    return reply.getJsonObject("error").getInteger("code");
  }

  private void startExample() throws IOException {
    Path output = nodes.directory().resolve("example.out");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                "-cp",
                System.getProperty("java.class.path"),
                EXAMPLE.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(environment());
    Process started = builder.start();
    example = started;
    await("the example consumes")
        .atMost(PATIENCE)
        .until(() -> !started.isAlive() || Files.readString(output).contains("consuming"));
    assertThat(started.isAlive()).as(Files.readString(output)).isTrue();
  }

  private StreamPosition publish(String channel, int n) {
    return done(client().publish(channel, Payload.utf8("{\"n\":" + n + "}")));
  }

  @CanIgnoreReturnValue
  private static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(PATIENCE.toSeconds(), SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
