package io.tidegate.gateway.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A node on each of the system's interfaces for sockets. */
final class SocketTransportIT {
  private static final Path IO_URING_DISABLED = Path.of("/proc/sys/kernel/io_uring_disabled");

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio", "io_uring"})
  void aPublicationReachesItsSubscriber(String transport) throws IOException {
    require(transport);
    String listen = "{ host: 127.0.0.1, port: 0, plaintext: true, transport: " + transport + " }";
    GatewayProcess node = nodes.serve(NodeConfig.local("node").listen(listen));

    try (TestClient client = TestClient.open(node.uri(), TestTokens.of("ann"))) {
      client.command("subscribe", new JsonObject().put("channel", "news"));
      node.api().publish("news", 1);
      await().atMost(10, SECONDS).until(() -> client.pushes("news", "pub").size() == 1);
    }

    assertThat(node.log()).containsPattern("node started .* transport=" + transport + " ");
    assertThat(node.metrics()).contains("transport=\"" + transport + "\"");
  }

  private static void require(String transport) throws IOException {
    boolean uring = transport.equals("io_uring");
    Transport needed = uring ? Transport.IO_URING : Transport.EPOLL;
    if (transport.equals("nio") || (needed != null && needed.available())) {
      return;
    }
    if (uring && forbidden()) {
      // Not missing but taken away: nobody can mend that where tests run in a container.
      System.out.println("*** SKIPPED: io_uring is forbidden here ***");
      Assumptions.abort("io_uring is forbidden here");
    }
    throw Requires.missing(transport + " does not work here");
  }

  /** By the administrator, or by a filter of system calls as containers have it. */
  private static boolean forbidden() throws IOException {
    return (Files.exists(IO_URING_DISABLED)
            && !Files.readString(IO_URING_DISABLED).strip().equals("0"))
        || Files.readString(Path.of("/proc/self/status")).matches("(?s).*\\nSeccomp:\\s*[12]\\n.*");
  }
}
