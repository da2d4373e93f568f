package io.tidegate.gateway.protocol;

import java.util.function.Consumer;

/**
 * Centrifugo's client protocol, version 2, in its Protobuf form: binary frames of messages, each
 * behind its length. {@code client.proto} names the messages; what they mean is the same as in the
 * JSON form. Written by hand, because a publication is then one array of just its size, and of what
 * a client sends nothing is kept that is not looked at; decision 0016.
 */
public final class ProtobufProtocol implements ClientProtocol {
  private static final Encoded PING = new Encoded(new byte[] {0}, false);
  private static final byte[] NOTHING = {};

  private final int maxMessages;

  public ProtobufProtocol() {
    this(ClientMessage.MAX_IN_FRAME);
  }

  ProtobufProtocol(int maxMessages) {
    this.maxMessages = maxMessages;
  }

  @Override
  public String label() {
    return "protobuf";
  }

  @Override
  public boolean carriesBytes() {
    return true;
  }

  @Override
  public void decode(byte[] frame, boolean text, Consumer<Command> commands)
      throws MalformedFrameException {
    if (text) {
      throw new MalformedFrameException("text frame (expected: binary)");
    }
    ProtobufDecoder.decode(frame, maxMessages, commands);
  }

  @Override
  public Encoded encode(long id, Reply reply) {
    return new Encoded(
        ProtobufWriter.write(message -> ProtobufEncoder.reply(message, id, reply)), false);
  }

  @Override
  public Encoded encode(Push push) {
    return new Encoded(ProtobufWriter.write(message -> ProtobufEncoder.push(message, push)), false);
  }

  /** The empty message. */
  @Override
  public Encoded ping() {
    return PING;
  }

  /** A message says itself where it ends. */
  @Override
  public byte[] separator() {
    return NOTHING;
  }
}
