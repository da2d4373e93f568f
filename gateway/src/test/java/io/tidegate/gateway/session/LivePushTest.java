package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.JsonProtocol;
import io.tidegate.gateway.testing.HeldBackplane;
import io.tidegate.gateway.testing.HeldNode;
import io.tidegate.gateway.testing.Loop;
import io.tidegate.gateway.testing.TestNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A live subscriber that was told no positions. */
final class LivePushTest {
  private final Loop loop = new Loop();
  private final HeldBackplane backplane = new HeldBackplane();
  private final Namespaces namespaces = new Namespaces(HeldNode.PLAIN, List.of(), 255);
  private final Hub hub = new Hub(backplane, namespaces::published);
  private final JsonSocket socket = new JsonSocket();
  private final SessionLoop sessions =
      loop.call(
          () -> new SessionLoop(HeldNode.of(loop, backplane, namespaces), hub, loop.context()));

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void goesOnWhereTheHistoryBeginsAnew() {
    subscribe(50_000);
    loop.run(() -> publish("a", 50_001, "1"));
    loop.run(
        () -> {
          hub.discontinued("news", new StreamPosition("b", 0), GapCause.LOST);
          publish("b", 1, "2");
        });
    loop.until(() -> socket.data().size() == 2);
    assertThat(socket.data()).containsExactly("1", "2");
  }

  @Test
  void isNotClosedForWhatOnePassWritesWhileItsSocketTakesAll() {
    subscribe(0);
    int size = TestNode.LIMITS.queueBytes() / 4;
    String data = "\"" + "x".repeat(size) + "\"";
    loop.run(
        () -> {
          for (int i = 1; i <= 12; i++) {
            publish("a", i, data);
          }
        });
    loop.until(() -> socket.closed() || socket.data().size() == 12);
    assertThat(socket.closed()).isFalse();
  }

  private void subscribe(long offset) {
    loop.run(() -> sessions.greet(socket, new JsonProtocol(), null));
    String commands = "{\"id\":1,\"connect\":{}}\n{\"id\":2,\"subscribe\":{\"channel\":\"news\"}}";
    loop.run(() -> socket.handler().message(commands.getBytes(StandardCharsets.UTF_8), true));
    loop.run(() -> backplane.joins.get(0).complete(new StreamPosition("a", offset)));
    loop.until(() -> socket.replied(2));
  }

  private void publish(String epoch, long offset, String data) {
    hub.publication("news", epoch, new Publication(offset, Payload.utf8(data), null, Map.of(), 0));
  }
}
