package io.tidegate.gateway.protocol;

import java.util.List;
import java.util.function.Consumer;

/**
 * Centrifugo's client protocol, version 2, in its JSON form: text frames of one object per line.
 * {@code docs/protocol.md} describes it for those who write clients.
 */
public final class JsonProtocol implements ClientProtocol {
  /** Messages in one frame, unless told otherwise. */
  public static final int MAX_MESSAGES = 128;

  private final int maxMessages;

  public JsonProtocol() {
    this(MAX_MESSAGES);
  }

  public JsonProtocol(int maxMessages) {
    if (maxMessages < 1) {
      throw new IllegalArgumentException("maxMessages: " + maxMessages + " (expected: >= 1)");
    }
    this.maxMessages = maxMessages;
  }

  @Override
  public String label() {
    return "json";
  }

  @Override
  public boolean text() {
    return true;
  }

  @Override
  public void decode(byte[] frame, Consumer<Command> commands) throws MalformedFrameException {
    JsonDecoder.decode(frame, maxMessages, commands);
  }

  @Override
  public byte[] encode(long id, Reply reply) {
    return JsonWriter.write(json -> JsonEncoder.reply(json, id, reply));
  }

  @Override
  public byte[] encode(Push push) {
    return JsonWriter.write(json -> JsonEncoder.push(json, push));
  }

  @Override
  public byte[] ping() {
    return new byte[] {'{', '}'};
  }

  @Override
  public byte[] join(List<byte[]> messages) {
    if (messages.size() == 1) {
      return messages.get(0);
    }
    int length = Math.max(0, messages.size() - 1);
    for (byte[] message : messages) {
      length += message.length;
    }
    byte[] frame = new byte[length];
    int at = 0;
    for (byte[] message : messages) {
      if (at > 0) {
        frame[at++] = '\n';
      }
      System.arraycopy(message, 0, frame, at, message.length);
      at += message.length;
    }
    return frame;
  }
}
