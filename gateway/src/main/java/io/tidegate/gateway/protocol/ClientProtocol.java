package io.tidegate.gateway.protocol;

import java.util.List;
import java.util.function.Consumer;

/**
 * A client protocol's codec. Stateless and thread-safe; sessions of all protocols share one core.
 *
 * <p>An encoded message stands alone; {@link #join} makes one frame of several, in their order.
 */
public interface ClientProtocol {
  /** The name in metrics, such as {@code json}. */
  String label();

  /** Whether frames are text (RFC 6455 section 5.6), else binary. */
  boolean text();

  /**
   * Decodes one frame, handing over its commands in order. Commands before a malformed one are
   * handed over before the exception.
   *
   * @throws MalformedFrameException when the frame is not of this protocol; what follows is
   *     unreadable
   */
  void decode(byte[] frame, Consumer<Command> commands) throws MalformedFrameException;

  byte[] encode(long id, Reply reply);

  byte[] encode(Push push);

  /** The server's ping: the empty message. */
  byte[] ping();

  /** One frame of {@code messages}; with a single message, that message. */
  byte[] join(List<byte[]> messages);
}
