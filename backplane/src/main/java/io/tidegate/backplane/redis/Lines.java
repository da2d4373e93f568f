package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.Payload;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** A line and what follows it: how most values in the store are written. */
final class Lines {
  private Lines() {}

  static Buffer of(JsonObject head, Payload body) {
    byte[] line = (head.encode() + "\n").getBytes(UTF_8);
    return Buffer.buffer(line.length + body.length()).appendBytes(line).appendBytes(body.bytes());
  }

  /** Where the line that begins at {@code from} ends. */
  static int end(byte[] bytes, int from) {
    for (int i = from; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        return i;
      }
    }
    throw new IllegalArgumentException("value: no line (expected: a line end)");
  }
}
