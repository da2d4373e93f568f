package io.tidegate.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.RawUpgrade;
import io.tidegate.gateway.testing.TestNode;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

/** What of a request and its HTTP connection is still on the heap once there is a WebSocket. */
final class NothingIsKeptIT {
  private static final int CONNECTIONS = 100;

  /** By the start of a class's name. */
  private static final List<String> GONE =
      List.of(
          "io.vertx.core.http.impl.http1.",
          "io.vertx.core.http.impl.websocket.",
          "io.vertx.core.net.impl.tcp.NetSocketImpl",
          "io.vertx.core.net.impl.VertxHandler",
          "io.vertx.core.http.impl.headers.Http1xHeaders",
          "io.netty.handler.codec.http.",
          "io.netty.handler.timeout.",
          "io.tidegate.gateway.wire.Door ",
          "io.tidegate.gateway.wire.Handshake ",
          "io.tidegate.gateway.wire.HeadScanner ");

  @Test
  void ofTheHandshakeNothingIsReachable() throws Exception {
    try (var node =
        new TestNode(
            NodeOptions.of(TestNode.store()).sources(EnumSet.allOf(TokenSource.class), true))) {
      List<RawUpgrade> clients = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(RawUpgrade.from("127.0.0.1", node.port()).ask());
      }
      await().until(() -> node.handshakes() == 0);
      assertThat(node.admission().connections()).isEqualTo(CONNECTIONS);

      // Constants and what is there once per server stay; nothing is there once per connection.
      assertThat(instances())
          .filteredOn(line -> isGone(line) && count(line) >= CONNECTIONS)
          .isEmpty();
      assertThat(instances()).anyMatch(line -> line.contains("wire.WebSocketConnection "));

      clients.forEach(RawUpgrade::close);
    }
  }

  private static boolean isGone(String line) {
    return GONE.stream().anyMatch(name -> line.contains(" " + name));
  }

  private static int count(String line) {
    return Integer.parseInt(line.strip().split("\\s+", -1)[1]);
  }

  /** Lines such as {@code 7: 100 3200 the.class.Name (module)}, of what is reachable. */
  private static List<String> instances() throws Exception {
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    return histogram.lines().filter(line -> line.matches("\\s*\\d+:.*")).map(l -> l + " ").toList();
  }
}
