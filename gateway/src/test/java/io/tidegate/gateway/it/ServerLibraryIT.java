package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server library that others wrote, against a node; see {@code server-library.js}. */
final class ServerLibraryIT {
  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void everyMethodOfTheLibraryWorks() throws Exception {
    Sdk sdk = Sdk.install();
    GatewayProcess node = nodes.serve(NodeConfig.local("node"));
    var told =
        new JsonObject()
            .put("url", node.uri().toString())
            .put("token", TestTokens.of("ann"))
            .put("api", node.api().uri().toString())
            .put("apiKey", NodeConfig.API_KEY);

    Program.Outcome outcome = sdk.run("server-library.js", told);

    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
  }
}
