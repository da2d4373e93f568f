package io.tidegate.gateway.protocol;

import java.util.function.Consumer;

/**
 * Centrifugo's client protocol, version 2, in its JSON form: text frames of one object per line.
 * {@code docs/protocol.md} describes it for those who write clients.
 */
public final class JsonProtocol implements ClientProtocol {
  /** Messages in one frame, unless told otherwise. */
  public static final int MAX_MESSAGES = ClientMessage.MAX_IN_FRAME;

  private static final Encoded PING = new Encoded(new byte[] {'{', '}'}, true);
  private static final byte[] NEWLINE = {'\n'};

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
  public boolean carriesBytes() {
    return false;
  }

  @Override
  public void decode(byte[] frame, boolean text, Consumer<Command> commands)
      throws MalformedFrameException {
    if (!text) {
      throw new MalformedFrameException("binary frame (expected: text)");
    }
    JsonDecoder.decode(frame, maxMessages, commands);
  }

  @Override
  public Encoded encode(long id, Reply reply) {
    return new Encoded(JsonWriter.write(json -> JsonEncoder.reply(json, id, reply)), true);
  }

  @Override
  public Encoded encode(Push push) {
    return new Encoded(JsonWriter.write(json -> JsonEncoder.push(json, push)), true);
  }

  /** The empty message. */
  @Override
  public Encoded ping() {
    return PING;
  }

  @Override
  public byte[] separator() {
    return NEWLINE;
  }
}
