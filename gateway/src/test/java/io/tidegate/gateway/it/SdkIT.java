package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The public JavaScript SDK, run by Node, against two processes; see {@code sdk.js}. */
final class SdkIT {
  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void theSdkSubscribesPublishesAndRecoversOnTheOtherNode() throws Exception {
    Sdk sdk = Sdk.install();
    List<GatewayProcess> cluster = nodes.cluster("doomed", "survivor");
    var told =
        new JsonObject()
            .put("nodes", new JsonArray(cluster.stream().map(SdkIT::tell).toList()))
            .put("apiKey", NodeConfig.API_KEY)
            .put(
                "tokens",
                new JsonObject().put("ann", TestTokens.of("ann")).put("bob", TestTokens.of("bob")));

    Program.Outcome outcome = sdk.run("sdk.js", told);

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }

  private static JsonObject tell(GatewayProcess process) {
    return new JsonObject()
        .put("url", process.uri().toString())
        .put("pid", process.pid())
        .put("api", process.api().uri().toString());
  }
}
