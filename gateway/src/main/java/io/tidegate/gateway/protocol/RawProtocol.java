package io.tidegate.gateway.protocol;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * No protocol: a frame is the message, in both directions. Publications and messages to one client
 * are told, and nothing else: neither replies nor who comes and goes.
 */
public final class RawProtocol implements ClientProtocol {
  private static final String FRAME = "frame";
  private static final String TEXT = "text";

  /** The tag of a publication that is to go out as text, where it is not known to be JSON. */
  public static final Map<String, String> TEXT_FRAME = Map.of(FRAME, TEXT);

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
      Publication publication = published.publication();
      byte[] data = publication.data().bytes();
      return new Encoded(data, published.json() || isText(publication, data));
    }
    if (push instanceof Push.Message message) {
      byte[] data = message.data().bytes();
      return new Encoded(data, Utf8.valid(data, 0, data.length));
    }
    throw new IllegalArgumentException("push: (expected: a publication or a message)");
  }

  private static boolean isText(Publication publication, byte[] data) {
    return TEXT.equals(publication.tags().get(FRAME)) && Utf8.valid(data, 0, data.length);
  }

  @Override
  public @Nullable Encoded ping() {
    return null;
  }

  @Override
  public byte @Nullable [] separator() {
    return null;
  }
}
