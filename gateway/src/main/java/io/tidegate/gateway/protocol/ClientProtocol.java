package io.tidegate.gateway.protocol;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client protocol's codec. Stateless and thread-safe; sessions of all protocols share one core.
 * An encoded message stands alone; {@link FrameWriter} makes frames of them.
 */
public interface ClientProtocol {
  /** The name in metrics, such as {@code json}. */
  String label();

  /** Whether publications that are not JSON can be pushed. */
  boolean carriesBytes();

  /**
   * Decodes one frame, handing over its commands in order. Commands before a malformed one are
   * handed over before the exception.
   *
   * @param text whether it came as a text frame, whose UTF-8 is valid then; else binary
   * @throws MalformedFrameException when the frame is not of this protocol; what follows is
   *     unreadable
   */
  void decode(byte[] frame, boolean text, Consumer<Command> commands)
      throws MalformedFrameException;

  Encoded encode(long id, Reply reply);

  Encoded encode(Push push);

  /**
   * The server's ping; absent where it is WebSocket's own (RFC 6455 section 5.5.2), which any frame
   * of the client answers.
   */
  @Nullable Encoded ping();

  /**
   * What stands between two messages that share a frame; absent where each message is a frame of
   * its own. Never modified.
   */
  byte @Nullable [] separator();
}
