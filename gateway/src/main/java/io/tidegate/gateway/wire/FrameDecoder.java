package io.tidegate.gateway.wire;

import io.netty.buffer.ByteBuf;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * A client's bytes after the 101, read as RFC 6455 section 5 has it and not otherwise: fed as they
 * arrive, in pieces of any size. Confined to one thread.
 *
 * <p>Each rule is applied to the first byte that can break it, and whatever was complete before has
 * been delivered by then. A message takes memory as it arrives, never as it is announced, and
 * between messages a decoder holds nothing but its fields.
 */
final class FrameDecoder {
  /** A close frame without a code (section 7.1.5). */
  static final int NO_CODE = 1005;

  private static final byte[] EMPTY = new byte[0];
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int RSV2_3 = 0x30;
  private static final int OPCODE = 0xf;
  private static final int MASKED = 0x80;

  /** The bit of control frames' opcodes (section 5.5). */
  private static final int CONTROL = 0x8;

  private static final int CONTINUATION = 0x0;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int CLOSE = 0x8;
  private static final int PING = 0x9;
  private static final int PONG = 0xa;

  /** Told what arrived, in order. Nothing follows {@link #closed} or {@link #violated}. */
  interface Sink {
    /** A complete message; if it is text it is UTF-8. The array is the sink's. */
    void message(byte[] message, boolean text);

    void ping(byte[] payload);

    void pong(byte[] payload);

    /**
     * The peer's close frame.
     *
     * @param code one that may be on the wire (section 7.4), or {@link #NO_CODE}
     */
    void closed(int code);

    /**
     * The peer broke a rule, and is not listened to any more.
     *
     * @param code what it is to be closed with
     * @param problem for logs
     */
    void violated(CloseCode code, String problem);
  }

  /** What the next byte belongs to. */
  private enum Part {
    FIRST,
    SECOND,
    LENGTH_16,
    LENGTH_64,
    MASK,
    PAYLOAD,
    /** Nothing: the peer's close frame came, or a violation, or the connection's end. */
    OVER
  }

  private final int maxFragments;
  private final @Nullable Inflaters inflaters;
  private final Sink sink;

  private int maxPayload;
  private Part part = Part.FIRST;

  /** The frame's first byte: FIN, RSV1-3, opcode. */
  private int first;

  /** Bytes of the length or of the mask that have not arrived. */
  private int missing;

  /** The length as far as it is known, then the bytes of payload that have not arrived. */
  private long length;

  private int mask;
  private @Nullable IncomingMessage message;
  private byte @Nullable [] control;

  /**
   * A decoder of one connection.
   *
   * @param maxPayload bytes of one message, all its fragments together and inflated
   * @param maxFragments frames of one message, and final blocks of DEFLATE within it
   * @param inflaters the loop's, where permessage-deflate was agreed upon (RFC 7692)
   */
  FrameDecoder(int maxPayload, int maxFragments, @Nullable Inflaters inflaters, Sink sink) {
    this.maxPayload = maxPayload;
    this.maxFragments = maxFragments;
    this.inflaters = inflaters;
    this.sink = sink;
  }

  /** Bounds the messages that begin from now on. */
  void maxPayload(int bytes) {
    maxPayload = bytes;
  }

  /** Reads all of {@code in}, whose reference stays the caller's. */
  void decode(ByteBuf in) {
    try {
      while (step(in)) {}
    } catch (BadFrameException e) {
      end();
      sink.violated(e.code(), e.problem());
    }
    in.skipBytes(in.readableBytes());
  }

  /** Reads no more, and keeps nothing. */
  void end() {
    part = Part.OVER;
    control = null;
    if (message != null) {
      message.drop();
      message = null;
    }
  }

  /** Takes one part of a frame; false when there are not enough bytes. */
  private boolean step(ByteBuf in) throws BadFrameException {
    if (part == Part.PAYLOAD) {
      return (first & CONTROL) != 0 ? control(in) : data(in);
    }
    if (part == Part.OVER || !in.isReadable()) {
      return false;
    }
    int b = in.readByte() & 0xff;
    switch (part) {
      case FIRST -> first(b);
      case SECOND -> second(b);
      case MASK -> mask(b);
      default -> length(b);
    }
    return true;
  }

  private void first(int b) throws BadFrameException {
    int opcode = b & OPCODE;
    if ((b & RSV2_3) != 0) {
      throw wrong("RSV2, RSV3: set");
    }
    if ((b & RSV1) != 0 && (inflaters == null || (opcode != TEXT && opcode != BINARY))) {
      throw wrong("RSV1: set");
    }
    switch (opcode) {
      case TEXT, BINARY -> {
        if (message != null) {
          throw wrong("opcode: a new message (expected: the rest of the one before)");
        }
      }
      case CONTINUATION -> {
        if (message == null) {
          throw wrong("opcode: a continuation (expected: a new message)");
        }
        if (message.addFrame() > maxFragments) {
          throw new BadFrameException(CloseCode.TOO_MANY_FRAGMENTS, "message: too many frames");
        }
      }
      case CLOSE, PING, PONG -> {
        if ((b & FIN) == 0) {
          throw wrong("FIN: not set (expected: control frames in one piece)");
        }
      }
      default -> throw wrong("opcode: reserved");
    }
    first = b;
    part = Part.SECOND;
  }

  private void second(int b) throws BadFrameException {
    if ((b & MASKED) == 0) {
      throw wrong("mask: none (expected: one)");
    }
    int n = b & 0x7f;
    if (n > 125 && (first & CONTROL) != 0) {
      throw wrong("length: above 125 (expected: a control frame's)");
    }
    length = n < 126 ? n : 0;
    switch (n) {
      case 126 -> expect(Part.LENGTH_16, 2);
      case 127 -> expect(Part.LENGTH_64, 8);
      default -> announced();
    }
  }

  private void length(int b) throws BadFrameException {
    if (missing == 8 && (b & 0x80) != 0) {
      throw wrong("length: 64 bits (expected: at most 63)");
    }
    length = length << 8 | b;
    if (--missing == 0) {
      if (length < (part == Part.LENGTH_16 ? 126 : 1 << 16)) {
        throw wrong("length: " + length + " (expected: in as few bytes as it fits in)");
      }
      announced();
    }
  }

  /** The length is known: whether there is room for that much. */
  private void announced() throws BadFrameException {
    if ((first & CONTROL) == 0 && length > room()) {
      throw new BadFrameException(CloseCode.MESSAGE_TOO_BIG, "length: above the most");
    }
    expect(Part.MASK, 4);
  }

  private int room() {
    if (message != null) {
      return message.room();
    }
    return (first & RSV1) == 0 ? maxPayload : Inflation.maxCompressed(maxPayload);
  }

  private void mask(int b) {
    mask = mask << 8 | b;
    if (--missing == 0) {
      part = Part.PAYLOAD;
    }
  }

  private void expect(Part next, int bytes) {
    part = next;
    missing = bytes;
  }

  private boolean data(ByteBuf in) throws BadFrameException {
    int n = (int) Math.min(length, in.readableBytes());
    if (n == 0 && length > 0) {
      return false;
    }
    boolean fin = (first & FIN) != 0;
    boolean last = fin && n == length;
    if (last && message == null && (first & RSV1) == 0) {
      part = Part.FIRST;
      sink.message(whole(in, n), isText());
      return true;
    }
    IncomingMessage now = message;
    if (now == null) {
      now = new IncomingMessage(isText(), maxPayload, inflation());
      message = now;
    }
    mask = now.read(in, n, mask, last);
    length -= n;
    if (length > 0) {
      return false;
    }
    part = Part.FIRST;
    if (fin) {
      byte[] complete = now.finish();
      message = null;
      sink.message(complete, now.text());
    }
    return true;
  }

  /** The usual message: in one frame, which is here. */
  private byte[] whole(ByteBuf in, int n) throws BadFrameException {
    byte[] bytes = n == 0 ? EMPTY : new byte[n];
    in.readBytes(bytes);
    mask = Mask.apply(mask, bytes, 0, n);
    if (isText() && Utf8.advance(Utf8.BOUNDARY, bytes, 0, n) != Utf8.BOUNDARY) {
      throw IncomingMessage.invalidText();
    }
    return bytes;
  }

  private boolean isText() {
    return (first & OPCODE) == TEXT;
  }

  private @Nullable Inflation inflation() {
    return inflaters == null || (first & RSV1) == 0 ? null : new Inflation(inflaters, maxFragments);
  }

  private boolean control(ByteBuf in) throws BadFrameException {
    byte[] payload = control;
    if (payload == null) {
      payload = length == 0 ? EMPTY : new byte[(int) length];
    }
    int from = payload.length - (int) length;
    int n = (int) Math.min(length, in.readableBytes());
    in.readBytes(payload, from, n);
    mask = Mask.apply(mask, payload, from, from + n);
    length -= n;
    if (length > 0) {
      control = payload;
      return false;
    }
    control = null;
    part = Part.FIRST;
    switch (first & OPCODE) {
      case PING -> sink.ping(payload);
      case PONG -> sink.pong(payload);
      default -> close(payload);
    }
    return true;
  }

  private void close(byte[] payload) throws BadFrameException {
    int code = NO_CODE;
    if (payload.length == 1) {
      throw wrong("close: 1 byte (expected: none, or a code of 2)");
    } else if (payload.length > 1) {
      code = (payload[0] & 0xff) << 8 | (payload[1] & 0xff);
      if (!mayBeSent(code)) {
        throw wrong("close: " + code + " (expected: a code that may be sent)");
      }
      if (Utf8.advance(Utf8.BOUNDARY, payload, 2, payload.length) != Utf8.BOUNDARY) {
        throw new BadFrameException(CloseCode.INVALID_DATA, "close: a reason that is no UTF-8");
      }
    }
    end();
    sink.closed(code);
  }

  /** Section 7.4, and the registry that it began. */
  private static boolean mayBeSent(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  private static BadFrameException wrong(String problem) {
    return new BadFrameException(CloseCode.PROTOCOL_ERROR, problem);
  }
}
