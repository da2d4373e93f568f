package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * The protocol of NATS clients over WebSocket: lines and payloads in a stream of bytes, which
 * frames cut where they like. Publications are not answered.
 */
final class NatsDialect implements Dialect {
  private static final byte[] MESSAGE = "MSG ".getBytes(US_ASCII);
  private static final byte[] NOTHING = new byte[0];
  private static final int LINE_END = 2;
  private static final String HELLO =
      "CONNECT {\"verbose\":false,\"pedantic\":false,\"name\":\"tidegate-loadtest\"}\r\n";

  private final Errand errand;
  private final Conversation client;
  // The beginning of a line, or of a line and its payload, that is not whole yet.
  private byte[] rest = NOTHING;
  private boolean ready;

  NatsDialect(Errand errand, Conversation client) {
    this.errand = errand;
    this.client = client;
  }

  @Override
  public boolean binary() {
    return true;
  }

  @Override
  public void received(byte[] bytes, int from, int to) {
    if (rest.length > 0) {
      byte[] joined = Arrays.copyOf(rest, rest.length + to - from);
      System.arraycopy(bytes, from, joined, rest.length, to - from);
      rest = NOTHING;
      received(joined, 0, joined.length);
      return;
    }
    int at = from;
    while (at < to) {
      int next = next(bytes, at, to);
      if (next < 0) {
        rest = Arrays.copyOfRange(bytes, at, to);
        return;
      }
      at = next;
    }
  }

  /**
   * Where the next line begins, or a negative number where this one, or its payload, is not whole.
   */
  private int next(byte[] bytes, int at, int to) {
    int end = Bytes.indexOf((byte) '\n', bytes, at, to);
    if (end == to) {
      return -1;
    }
    if (!Bytes.matches(MESSAGE, bytes, at, end)) {
      line(new String(bytes, at, end - at, UTF_8).strip());
      return end + 1;
    }
    // MSG SUBJECT ID [REPLY-TO] SIZE
    int size = end;
    while (bytes[size - 1] != ' ') {
      size--;
    }
    int data = end + 1;
    long behind = data + Bytes.number(bytes, size, end) + LINE_END;
    if (behind > to) {
      return -1;
    }
    if (Payload.isAt(bytes, data, to)) {
      client.publication(bytes, data, Bytes.ABSENT);
    }
    return (int) behind;
  }

  @Override
  public String publish(int id, String channel, String data) {
    return "PUB " + channel + " " + data.length() + "\r\n" + data + "\r\n";
  }

  private void line(String line) {
    if (line.startsWith("INFO") && !ready) {
      String subscribe = errand.channel() == null ? "" : "SUB " + errand.channel() + " 1\r\n";
      client.send(HELLO + subscribe + "PING\r\n");
    } else if (line.equals("PONG") && !ready) {
      ready = true;
      client.connected(0);
      client.ready(false);
    } else if (line.equals("PING")) {
      client.pinged();
      client.send("PONG\r\n");
    } else if (line.startsWith("-ERR")) {
      client.giveUp("server: " + line);
    }
  }
}
