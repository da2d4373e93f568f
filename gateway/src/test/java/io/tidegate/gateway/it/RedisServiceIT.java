package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example that takes its letters out of Redis, in Node, and two nodes that put them in. */
final class RedisServiceIT {
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "stream-service.mjs");
  private static final Path SCRIPTS =
      Path.of(
          "..", "backplane", "src", "main", "resources", "io", "tidegate", "backplane", "redis");

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private final List<Process> services = new ArrayList<>();

  @AfterEach
  void end() {
    services.forEach(Process::destroyForcibly);
  }

  @Test
  void rpcAndSendThroughTwoNodesReachAServiceInAnotherLanguage() throws Exception {
    RedisProcess redis = nodes.redis();
    List<GatewayProcess> cluster =
        NodeConfig.onRedis(redis.uri(), "one", "two").stream()
            .map(
                config ->
                    config.more(
                        """
                        services: { chat: { type: stream, timeout: 20s, capacity: 16 } }
                        rpc: { "*": chat }
                        send: { service: chat }
                        """))
            .map(nodes::serve)
            .toList();
    try (TestClient ann = TestClient.open(cluster.get(0).uri(), TestTokens.of("ann"));
        TestClient bob = TestClient.open(cluster.get(1).uri(), TestTokens.of("bob"))) {
      // Nobody is there yet: one of each client's letters fits into its sixteenth of the inbox.
      int waiting = ann.send("rpc", rpc("math.double", 21));
      await().untilAsserted(() -> assertThat(redis.command("KEYS *letters")).contains("letters"));
      JsonObject full = ann.command("rpc", rpc("math.double", 1)).getJsonObject("error");
      assertThat(full.getInteger("code")).isEqualTo(111);
      assertThat(full.getBoolean("temporary")).isTrue();

      Path output = start(redis);

      await()
          .untilAsserted(
              () ->
                  assertThat(ann.messages())
                      .anySatisfy(
                          message -> {
                            assertThat(message.getInteger("id")).isEqualTo(waiting);
                            assertThat(message.getJsonObject("rpc").getInteger("data"))
                                .isEqualTo(42);
                          }));
      assertThat(bob.command("rpc", rpc("math.double", 4)).getJsonObject("rpc").getInteger("data"))
          .isEqualTo(8);
      JsonObject unknown = bob.command("rpc", rpc("math.halve", 4)).getJsonObject("error");
      assertThat(unknown.getInteger("code")).isEqualTo(404);
      assertThat(unknown.getString("message")).isEqualTo("no such method");
      int unanswered = bob.send("send", new JsonObject().put("data", 1));
      assertThat(unanswered).isPositive();
      await()
          .untilAsserted(
              () -> assertThat(Files.readString(output)).contains("send - of bob attempt 1"));
    }
  }

  private static JsonObject rpc(String method, int data) {
    return new JsonObject().put("method", method).put("data", data);
  }

  /** Starts the example beside its one library; where its output is. */
  private Path start(RedisProcess redis) throws IOException, InterruptedException {
    Sdk sdk = Sdk.install();
    Path copied = sdk.directory().resolve("stream-service.mjs");
    Files.write(copied, Files.readAllBytes(EXAMPLE));
    Path output = nodes.directory().resolve("service.out");
    var builder =
        new ProcessBuilder(Requires.program("node").toString(), copied.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("REDIS", redis.uri());
    builder.environment().put("PREFIX", "test");
    builder.environment().put("SCRIPTS", SCRIPTS.toAbsolutePath().normalize().toString());
    services.add(builder.start());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.readString(output).contains("consuming"));
    return output;
  }
}
