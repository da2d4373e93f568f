package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What each dialect says, and what it understands. */
final class DialectsTest {
  private static final int BYTES = 100;
  private static final URI BASE = URI.create("ws://h:1/x");

  private final Recorder client = new Recorder();
  private final Errand subscriber = new Errand(null, "c-1", 1, 1, "c-0");
  private final Errand publisher = Errand.publisher(null, "c-0");

  @Test
  void bareNamesBothChannelsInThePathAndIsReadyAtOnce() {
    Dialect dialect = Dialects.bare.dialect(subscriber, BYTES, client);
    assertThat(dialect.url(BASE)).hasToString("ws://h:1/c-1/c-0");
    assertThat(Dialects.bare.dialect(publisher, BYTES, client).url(BASE))
        .hasToString("ws://h:1/-/c-0");
    dialect.opened();
    receive(dialect, "welcome");
    receive(dialect, data(7));
    assertThat(client.seen).containsExactly("connected", "ready", "publication 7");
    assertThat(dialect.publish(0, "c-0", data(8))).isEqualTo(data(8));
  }

  @Test
  void socketIoConnectsAndSubscribesAndUnderstandsAcknowledgements() {
    Dialect dialect = Dialects.socketio.dialect(subscriber, BYTES, client);
    assertThat(dialect.url(BASE)).hasToString("ws://h:1/socket.io/?EIO=4&transport=websocket");
    dialect.opened();
    receive(dialect, "0{\"sid\":\"a\",\"upgrades\":[],\"pingInterval\":25000}");
    receive(dialect, "40{\"sid\":\"b\"}");
    receive(dialect, "430[]");
    receive(dialect, "42[\"m\"," + data(7) + "]");
    receive(dialect, "42[\"m\"," + data(8) + "]");
    receive(dialect, "42[\"other\"]");
    receive(dialect, "2");
    receive(dialect, "435[]");
    receive(dialect, "41");
    assertThat(client.seen)
        .containsExactly(
            "sends 40",
            "connected",
            "sends 420[\"sub\",\"c-1\"]",
            "ready",
            "publication 7",
            "publication 8",
            "pinged",
            "sends 3",
            "answered 4 null",
            "gives up: server: 41");
    assertThat(dialect.publish(4, "c-0", data(9)))
        .isEqualTo("425[\"pub\",\"c-0\"," + data(9) + "]");
  }

  @Test
  void natsIsReadyWhenTheServerHasSeenTheSubscription() {
    Dialect dialect = Dialects.nats.dialect(subscriber, BYTES, client);
    receive(dialect, "INFO {\"server_id\":\"s\"}\r\n");
    receive(dialect, "PONG\r\n");
    receive(dialect, "INFO {\"server_id\":\"s\"}\r\nPING\r\n");
    receive(dialect, "-ERR 'Slow Consumer'\r\n");
    assertThat(client.seen.get(0)).startsWith("sends CONNECT {").endsWith("SUB c-1 1\r\nPING\r\n");
    assertThat(client.seen.subList(1, client.seen.size()))
        .containsExactly(
            "connected",
            "ready",
            "pinged",
            "sends PONG\r\n",
            "gives up: server: -ERR 'Slow Consumer'");
    assertThat(dialect.publish(4, "c-0", data(9))).isEqualTo("PUB c-0 100\r\n" + data(9) + "\r\n");
    assertThat(dialect.binary()).isTrue();
  }

  @Test
  void natsDoesNotCareWhereFramesCutItsStream() {
    String stream = message(1) + "+OK\r\n" + message(2) + message(3);
    for (int cut = 1; cut < stream.length(); cut++) {
      client.seen.clear();
      Dialect dialect = Dialects.nats.dialect(subscriber, BYTES, client);
      receive(dialect, stream.substring(0, cut));
      receive(dialect, stream.substring(cut));
      assertThat(client.seen).containsExactly("publication 1", "publication 2", "publication 3");
    }
  }

  private static String message(int number) {
    return "MSG c-1 1 100\r\n" + data(number) + "\r\n";
  }

  private static String data(int number) {
    return Payload.of(1, 1, 0, number, 5, BYTES);
  }

  /** Between bytes of others, as in the array that messages are looked at in. */
  private static void receive(Dialect dialect, String message) {
    byte[] bytes = ("{\"lt" + message + "}\n{}").getBytes(UTF_8);
    dialect.received(bytes, 4, bytes.length - 4);
  }

  private static final class Recorder implements Conversation {
    final List<String> seen = new ArrayList<>();

    @Override
    public void send(String message) {
      seen.add("sends " + message);
    }

    @Override
    public void connected(int pingSeconds) {
      seen.add("connected");
    }

    @Override
    public void ready(boolean positioned) {
      seen.add("ready");
    }

    @Override
    public void publication(byte[] bytes, int at, long offset) {
      seen.add("publication " + Payload.number(bytes, at));
    }

    @Override
    public void pinged() {
      seen.add("pinged");
    }

    @Override
    public void answered(int id, @Nullable String error) {
      seen.add("answered " + id + " " + error);
    }

    @Override
    public void giveUp(String reason) {
      seen.add("gives up: " + reason);
    }
  }
}
