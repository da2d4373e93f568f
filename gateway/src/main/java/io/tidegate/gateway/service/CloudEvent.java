package io.tidegate.gateway.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.Locale;

/**
 * A message as a CloudEvent (version 1.0) in HTTP's binary mode: attributes are headers, the data
 * are the body.
 */
final class CloudEvent {
  private static final String HEX = "0123456789ABCDEF";

  private CloudEvent() {}

  /** Writes the attributes of {@code message}, which came in at the node {@code nodeId}. */
  static void write(ServiceMessage message, String nodeId, MultiMap headers) {
    headers.set("content-type", contentType(message.kind()));
    headers.set("ce-specversion", "1.0");
    headers.set("ce-id", message.id());
    headers.set("ce-source", "/tidegate/nodes/" + encode(nodeId));
    headers.set("ce-type", "io.tidegate." + message.kind().name().toLowerCase(Locale.ROOT));
    headers.set("ce-time", Instant.ofEpochMilli(message.timeMillis()).toString());
    if (message.expiresMillis() > 0) {
      headers.set("ce-expirytime", Instant.ofEpochMilli(message.expiresMillis()).toString());
    }
    if (!message.method().isEmpty()) {
      headers.set("ce-subject", encode(message.method()));
    }
    headers.set("ce-client", encode(message.client().client()));
    if (!message.client().user().isEmpty()) {
      headers.set("ce-user", encode(message.client().user()));
    }
  }

  private static String contentType(ServiceMessage.Kind kind) {
    return switch (kind) {
      case RPC, SEND -> "application/json";
      case TEXT -> "text/plain; charset=utf-8";
      case BINARY -> "application/octet-stream";
    };
  }

  /**
   * Text as a header's value. CloudEvents HTTP binding 1.0 section 3.1.3.2: white space, double
   * quote, percent and all that is not printable ASCII is percent-encoded UTF-8.
   */
  static String encode(String text) {
    var encoded = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(UTF_8)) {
      if (b > 0x20 && b < 0x7F && b != '"' && b != '%') {
        encoded.append((char) b);
      } else {
        encoded.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
      }
    }
    return encoded.toString();
  }
}
