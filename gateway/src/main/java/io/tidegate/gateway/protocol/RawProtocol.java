package io.tidegate.gateway.protocol;

import io.tidegate.backplane.Payload;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * No protocol: a frame is the message, in both directions. Publications are told, and nothing else:
 * neither replies nor who comes and goes.
 */
public final class RawProtocol implements ClientProtocol {
  @Override
  public String label() {
    return "raw";
  }

  @Override
  public boolean carriesBytes() {
    return true;
  }

  @Override
  public void decode(byte[] frame, boolean text, Consumer<Command> commands) {
    commands.accept(new Command.Frame(Payload.of(frame), text));
  }

  @Override
  public Encoded encode(long id, Reply reply) {
    throw new IllegalArgumentException("reply: (expected: none, because frames have no id)");
  }

  @Override
  public Encoded encode(Push push) {
    if (push instanceof Push.Published published) {
      return new Encoded(published.publication().data().bytes(), false);
    }
    throw new IllegalArgumentException("push: (expected: a publication)");
  }

  @Override
  public Encoded ping() {
    throw new IllegalStateException("ping: (expected: WebSocket's own)");
  }

  @Override
  public byte @Nullable [] separator() {
    return null;
  }
}
