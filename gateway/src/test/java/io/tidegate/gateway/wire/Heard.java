package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.gateway.protocol.CloseCode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decoder told, a line for each event. */
final class Heard implements FrameDecoder.Sink {
  private final List<String> events = new ArrayList<>();

  /** All that a new decoder tells of {@code pieces}, fed one after the other. */
  static List<String> of(
      List<byte[]> pieces, int maxPayload, int maxFragments, @Nullable Inflaters inflaters) {
    var heard = new Heard();
    var decoder = new FrameDecoder(maxPayload, maxFragments, inflaters, heard);
    for (byte[] piece : pieces) {
      ByteBuf in = Unpooled.wrappedBuffer(piece);
      decoder.decode(in);
      if (in.isReadable()) {
        throw new AssertionError("bytes are left: " + in.readableBytes());
      }
    }
    decoder.end();
    if (inflaters != null && inflaters.lent() != 0) {
      throw new AssertionError("inflaters are not given back: " + inflaters.lent());
    }
    return heard.events;
  }

  static String messageOf(byte[] message, boolean text) {
    return (text ? "text " : "binary ") + HexFormat.of().formatHex(message);
  }

  static String pingOf(byte[] payload) {
    return "ping " + HexFormat.of().formatHex(payload);
  }

  static String pongOf(byte[] payload) {
    return "pong " + HexFormat.of().formatHex(payload);
  }

  static String closedWith(int code) {
    return "closed " + code;
  }

  static String violationOf(CloseCode code) {
    return "violation " + code;
  }

  @Override
  public void message(byte[] message, boolean text) {
    tell(messageOf(message, text));
  }

  @Override
  public void ping(byte[] payload) {
    tell(pingOf(payload));
  }

  @Override
  public void pong(byte[] payload) {
    tell(pongOf(payload));
  }

  @Override
  public void closed(int code) {
    tell(closedWith(code));
  }

  @Override
  public void violated(CloseCode code, String problem) {
    tell(violationOf(code));
  }

  private void tell(String event) {
    if (!events.isEmpty()) {
      String last = events.get(events.size() - 1);
      if (last.startsWith("closed") || last.startsWith("violation")) {
        throw new AssertionError(event + " after " + last);
      }
    }
    events.add(event);
  }
}
