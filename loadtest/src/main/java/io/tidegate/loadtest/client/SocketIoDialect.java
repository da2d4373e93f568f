package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;

/**
 * Socket.IO 4 over WebSocket alone (Engine.IO protocol 4), with events of our own: {@code sub
 * CHANNEL} and {@code pub CHANNEL DATA}, both acknowledged, and {@code m DATA} to subscribers.
 */
final class SocketIoDialect implements Dialect {
  private static final String TARGET = "/socket.io/?EIO=4&transport=websocket";
  // The acknowledgement of the subscribe; those of publications follow.
  private static final int SUBSCRIBE_ID = 0;
  private static final int FIRST_PUBLISH_ID = 1;

  private final Errand errand;
  private final Conversation client;
  // Events of one server look alike, so data begin where they began in the last one.
  private int usualDistance;

  SocketIoDialect(Errand errand, Conversation client) {
    this.errand = errand;
    this.client = client;
  }

  @Override
  public URI url(URI base) {
    return base.resolve(TARGET);
  }

  @Override
  public void received(byte[] bytes, int from, int to) {
    int type = from < to ? bytes[from] : 0;
    int packet = from + 1 < to ? bytes[from + 1] : 0;
    if (type == '4' && packet == '2') {
      event(bytes, from, to);
    } else if (type == '4' && packet == '3') {
      acknowledged((int) Bytes.number(bytes, from + 2, to));
    } else if (type == '4' && packet == '0') {
      connected();
    } else if (type == '2') {
      client.pinged();
      client.send("3");
    } else if (type == '0') {
      client.send("40");
    } else if (type != '6') {
      client.giveUp("server: " + new String(bytes, from, to - from, UTF_8));
    }
  }

  @Override
  public String publish(int id, String channel, String data) {
    return "42" + (FIRST_PUBLISH_ID + id) + "[\"pub\"," + quoted(channel) + "," + data + "]";
  }

  private void event(byte[] bytes, int from, int to) {
    if (!Payload.isAt(bytes, from + usualDistance, to)) {
      int found = Bytes.find(Payload.MARK, bytes, from, to);
      if (found < 0 || !Payload.isAt(bytes, found, to)) {
        return;
      }
      usualDistance = found - from;
    }
    client.publication(bytes, from + usualDistance, Bytes.ABSENT);
  }

  private void connected() {
    client.connected(0);
    if (errand.channel() == null) {
      client.ready(false);
    } else {
      client.send("42" + SUBSCRIBE_ID + "[\"sub\"," + quoted(errand.channel()) + "]");
    }
  }

  private void acknowledged(int id) {
    if (id == SUBSCRIBE_ID) {
      client.ready(false);
    } else {
      client.answered(id - FIRST_PUBLISH_ID, null);
    }
  }

  private static String quoted(String text) {
    return JsonNodeFactory.instance.textNode(text).toString();
  }
}
