package io.tidegate.backplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One message of a client to a service; {@code data} is already validated.
 *
 * @param id unguessable and unique; a service that must not act twice remembers it
 * @param kind whether an answer is waited for
 * @param method what is asked for; empty for {@link Kind#SEND}; of a frame the name of its route
 * @param client who sent it
 * @param timeMillis when the gateway took it, milliseconds since the Unix epoch
 * @param expiresMillis from when on handling it is of no use, milliseconds since the Unix epoch; 0
 *     for never
 */
public record ServiceMessage(
    String id,
    Kind kind,
    String method,
    Payload data,
    ClientInfo client,
    long timeMillis,
    long expiresMillis) {
  private static final int BYTES_AT_LEAST = 64;

  /** What the client does with it. */
  public enum Kind {
    /** The client waits for an answer. */
    RPC,
    /** The client has gone on. */
    SEND,
    /** A text frame of a client without a protocol, which has gone on; {@code data} are UTF-8. */
    TEXT,
    /** Likewise a binary frame. */
    BINARY
  }

  public ServiceMessage {
    requireNonNull(id, "id");
    requireNonNull(kind, "kind");
    requireNonNull(method, "method");
    requireNonNull(data, "data");
    requireNonNull(client, "client");
    if (id.isEmpty()) {
      throw new IllegalArgumentException("id: '' (expected: not empty)");
    }
    if (expiresMillis < 0) {
      throw new IllegalArgumentException("expiresMillis: " + expiresMillis + " (expected: >= 0)");
    }
  }

  /** The shard of the inbox that holds the messages of this client: CRC-32 of its id, modulo. */
  public int shard() {
    CRC32 crc = new CRC32();
    crc.update(client.client().getBytes(UTF_8));
    return (int) (crc.getValue() % ServiceInbox.SHARDS);
  }

  /** What the message counts against {@link ServiceInbox#SHARD_BYTES}. */
  public int bytes() {
    return BYTES_AT_LEAST
        + id.length()
        + method.length()
        + data.length()
        + client.client().length()
        + client.user().length()
        + lengthOf(client.connInfo())
        + lengthOf(client.chanInfo());
  }

  private static int lengthOf(@Nullable Payload payload) {
    return payload == null ? 0 : payload.length();
  }

  public boolean isExpired(long nowMillis) {
    return expiresMillis != 0 && nowMillis >= expiresMillis;
  }
}
