package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.Letter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Locale;

/** A letter as it stands in the store: a line of JSON about it, then the data. */
final class LetterWire {
  private LetterWire() {}

  static Buffer encode(Letter letter) {
    ServiceMessage message = letter.message();
    var head =
        new JsonObject()
            .put("id", message.id())
            .put("kind", message.kind().name().toLowerCase(Locale.ROOT))
            .put("method", message.method())
            .put("client", MemberWire.json(message.client()))
            .put("time", message.timeMillis())
            .put("expires", message.expiresMillis())
            .put("reply_to", letter.replyTo());
    return Lines.of(head, message.data());
  }

  static Letter decode(byte[] bytes) {
    int end = Lines.end(bytes, 0);
    var head = new JsonObject(new String(bytes, 0, end, UTF_8));
    var message =
        new ServiceMessage(
            head.getString("id"),
            ServiceMessage.Kind.valueOf(head.getString("kind").toUpperCase(Locale.ROOT)),
            head.getString("method"),
            Payload.of(Arrays.copyOfRange(bytes, end + 1, bytes.length)),
            MemberWire.read(head.getJsonObject("client")),
            head.getLong("time"),
            head.getLong("expires"));
    return new Letter(message, head.getString("reply_to"));
  }
}
