package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code docs/examples/http-service.mjs} behind a node, asked by the public JavaScript SDK. */
final class ServiceSdkIT {
  private static final Path EXAMPLE =
      Path.of("..", "docs", "examples", "http-service.mjs").toAbsolutePath().normalize();
  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private @Nullable Process service;

  @AfterEach
  void end() {
    if (service != null) {
      service.destroyForcibly();
    }
  }

  /** Starts the example with its secrets; where its output is. */
  private Path start(int port, String secrets) throws IOException {
    Path output = nodes.directory().resolve("service.out");
    var builder =
        new ProcessBuilder(Requires.program("node").toString(), EXAMPLE.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("SECRETS", secrets);
    service = builder.start();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.readString(output).contains("listening"));
    return output;
  }

  @Test
  void rpcAndSendOfTheSdkReachTheExampleWhichKnowsOnlyTheNewSecret() throws Exception {
    Sdk sdk = Sdk.install();
    int port = Ports.free();
    Path output = start(port, NEW);
    GatewayProcess node =
        nodes.serve(
            NodeConfig.local("node")
                .more(
                    """
                    services:
                      good: { url: "http://127.0.0.1:%1$d/in", secrets: [%2$s, %3$s] }
                      distrusted: { url: "http://127.0.0.1:%1$d/in", secrets: [%2$s] }
                      gone: { url: "http://127.0.0.1:%4$d/", secrets: [%2$s] }
                    rpc: { math.*: good, math.distrusted: distrusted, gone.*: gone }
                    send: { service: good }
                    """
                        .formatted(port, OLD, NEW, Ports.free())));

    Program.Outcome outcome =
        sdk.run(
            "service.js",
            new JsonObject()
                .put("url", node.uri().toString())
                .put("token", TestTokens.of("J\u00f6rg")));

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    await()
        .untilAsserted(
            () ->
                assertThat(Files.readAllLines(output))
                    .contains("sent J\u00f6rg {\"n\":1}", "sent J\u00f6rg {\"n\":2}"));
  }
}
