package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.ClientFrames;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a decoder says to bytes, one line an event, such as {@code text Hello}. */
final class Decoding implements FrameDecoder.Sink {
  static final int MAX_PAYLOAD = 1 << 17;
  static final int MAX_FRAGMENTS = 4;

  final List<String> events = new ArrayList<>();
  final Inflaters inflaters;
  final FrameDecoder decoder;

  private Decoding(int maxPayload, boolean deflate, Inflaters inflaters) {
    this.inflaters = inflaters;
    decoder = new FrameDecoder(maxPayload, MAX_FRAGMENTS, deflate ? inflaters : null, this);
  }

  static Decoding plain() {
    return plain(MAX_PAYLOAD);
  }

  static Decoding plain(int maxPayload) {
    return new Decoding(maxPayload, false, new Inflaters());
  }

  static Decoding deflating(int maxPayload, Inflaters inflaters) {
    return new Decoding(maxPayload, true, inflaters);
  }

  /** The events of these frames, which are the same byte by byte as at once. */
  static List<String> events(byte[]... frames) {
    return bothWays(plain(), plain(), frames);
  }

  /** The same where permessage-deflate was agreed upon. */
  static List<String> inflated(byte[]... frames) {
    Decoding whole = deflating(MAX_PAYLOAD, new Inflaters());
    Decoding slow = deflating(MAX_PAYLOAD, new Inflaters());
    List<String> events = bothWays(whole, slow, frames);
    assertThat(whole.lent() + slow.lent()).as("inflaters lent").isZero();
    return events;
  }

  static List<String> bothWays(Decoding whole, Decoding slow, byte[]... frames) {
    byte[] bytes = ClientFrames.join(frames);
    whole.feed(bytes);
    for (byte b : bytes) {
      slow.feed(b);
    }
    assertThat(slow.events).as("byte by byte").isEqualTo(whole.events);
    return whole.events;
  }

  /** Inflaters that it has not given back. */
  int lent() {
    return inflaters.lent();
  }

  @CanIgnoreReturnValue
  Decoding feed(byte... bytes) {
    ByteBuf in = Unpooled.copiedBuffer(bytes);
    decoder.decode(in);
    assertThat(in.isReadable()).as("bytes left over").isFalse();
    assertThat(in.refCnt()).isEqualTo(1);
    in.release();
    return this;
  }

  @Override
  public void message(byte[] message, boolean text) {
    events.add(text ? "text " + new String(message, UTF_8) : "binary " + hex(message));
  }

  @Override
  public void ping(byte[] payload) {
    events.add("ping " + hex(payload));
  }

  @Override
  public void pong(byte[] payload) {
    events.add("pong " + hex(payload));
  }

  @Override
  public void closed(int code) {
    events.add("closed " + code);
  }

  @Override
  public void violated(CloseCode code, String problem) {
    assertThat(problem).isNotBlank();
    events.add("violated " + code.code());
  }

  private static String hex(byte[] bytes) {
    return bytes.length > 64 ? bytes.length + " bytes" : HexFormat.of().formatHex(bytes);
  }
}
