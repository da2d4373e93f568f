package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The public JavaScript SDK, run by Node, against two processes; see {@code sdk.js}. */
final class SdkIT {
  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void theSdkSubscribesPublishesAndRecoversOnTheOtherNode() throws Exception {
    Path node = Requires.program("node");
    Path script = install(Requires.program("npm"));
    List<GatewayProcess> cluster = nodes.cluster("doomed", "survivor");
    var told =
        new JsonObject()
            .put("nodes", new JsonArray(cluster.stream().map(SdkIT::tell).toList()))
            .put("apiKey", NodeConfig.API_KEY)
            .put(
                "tokens",
                new JsonObject().put("ann", TestTokens.of("ann")).put("bob", TestTokens.of("bob")));

    var outcome =
        Program.run(
            INSTALLED,
            Duration.ofMinutes(3),
            List.of(node.toString(), script.getFileName().toString(), told.encode()));

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }

  private static JsonObject tell(GatewayProcess process) {
    return new JsonObject()
        .put("url", process.uri().toString())
        .put("pid", process.pid())
        .put("api", process.api().uri().toString());
  }

  private static Path install(Path npm) throws IOException, InterruptedException {
    Files.createDirectories(INSTALLED);
    for (String name : List.of("package.json", "package-lock.json", "sdk.js")) {
      Files.write(INSTALLED.resolve(name), Files.readAllBytes(SOURCES.resolve(name)));
    }
    var outcome =
        Program.run(
            INSTALLED,
            Duration.ofMinutes(3),
            List.of(npm.toString(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"));
    if (outcome.exitCode() != 0) {
      throw Requires.missing("npm ci could not fetch the SDK: " + outcome.output().strip());
    }
    return INSTALLED.resolve("sdk.js");
  }
}
