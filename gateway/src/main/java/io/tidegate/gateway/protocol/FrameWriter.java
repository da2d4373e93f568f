package io.tidegate.gateway.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Makes what goes on the wire: whole WebSocket frames, header included (RFC 6455 section 5.2), so
 * that one frame can be shared by all its receivers. Confined to one event loop.
 *
 * <p>A message is compressed without context takeover (RFC 7692 section 7.1.1.1), which is what
 * lets receivers share it too, and leaves no compression state with a connection. References within
 * a message cannot reach further than its first byte, so a receiver with a window of N bytes reads
 * every compressed message of at most N bytes.
 */
public final class FrameWriter {
  private static final int FIN = 0x80;
  private static final int RSV1 = 0x40;
  private static final int TEXT = 0x1;
  private static final int BINARY = 0x2;
  private static final int LONGEST_HEADER = 10;

  /** RFC 7692 section 7.2.1: of the end of a flushed block, which is left out. */
  private static final int TAIL = 4;

  private final Compression compression;
  private @Nullable Deflater deflater;
  private byte[] scratch = new byte[0];

  public FrameWriter(Compression compression) {
    this.compression = compression;
  }

  /**
   * Messages as one frame where they share one, else one frame each, in their order. The caller
   * owns the reference.
   *
   * @param deflatable bytes of the largest message that the receivers take compressed; 0 for none
   */
  public ByteBuf frames(ClientProtocol protocol, List<Encoded> messages, int deflatable) {
    if (messages.size() == 1) {
      return frame(messages.get(0), deflatable);
    }
    byte[] separator = protocol.separator();
    if (separator == null) {
      return separate(messages, deflatable);
    }
    int length = length(messages, separator.length);
    if (compression.worthwhile(length, deflatable)) {
      return frame(new Encoded(join(messages, separator, length), messages.get(0).text()), length);
    }
    ByteBuf frame = buffer(LONGEST_HEADER + length);
    header(frame, opcode(messages.get(0)), length);
    for (int i = 0; i < messages.size(); i++) {
      if (i > 0) {
        frame.writeBytes(separator);
      }
      frame.writeBytes(messages.get(i).bytes());
    }
    return frame;
  }

  /** One message as one frame; otherwise as {@link #frames}. */
  public ByteBuf frame(Encoded message, int deflatable) {
    byte[] bytes = message.bytes();
    int deflated = deflate(bytes, deflatable);
    int length = deflated > 0 ? deflated : bytes.length;
    ByteBuf frame = buffer(headerLength(length) + length);
    append(frame, message, deflated);
    return frame;
  }

  private ByteBuf separate(List<Encoded> messages, int deflatable) {
    ByteBuf all = buffer(length(messages, LONGEST_HEADER) + LONGEST_HEADER);
    for (Encoded message : messages) {
      append(all, message, deflate(message.bytes(), deflatable));
    }
    return all;
  }

  /** A frame of a message, of which so many bytes of {@link #scratch} are what it deflates to. */
  private void append(ByteBuf frames, Encoded message, int deflated) {
    if (deflated > 0) {
      header(frames, opcode(message) | RSV1, deflated);
      frames.writeBytes(scratch, 0, deflated);
    } else {
      header(frames, opcode(message), message.bytes().length);
      frames.writeBytes(message.bytes());
    }
  }

  /** Deflates into {@link #scratch}: so many bytes; 0 where the message goes out as it is. */
  private int deflate(byte[] bytes, int deflatable) {
    if (!compression.worthwhile(bytes.length, deflatable)) {
      return 0;
    }
    Deflater deflate = deflater();
    if (scratch.length < bytes.length) {
      scratch = new byte[bytes.length];
    }
    deflate.setInput(bytes);
    int length = deflate.deflate(scratch, 0, bytes.length, Deflater.SYNC_FLUSH) - TAIL;
    // Where the output is full, more may be to come.
    boolean smaller = length + TAIL < bytes.length;
    deflate.reset();
    return smaller ? length : 0;
  }

  private Deflater deflater() {
    if (deflater == null) {
      deflater = new Deflater(compression.level(), true);
    }
    return deflater;
  }

  private static byte[] join(List<Encoded> messages, byte[] separator, int length) {
    byte[] joined = new byte[length];
    int at = 0;
    for (Encoded message : messages) {
      if (at > 0) {
        System.arraycopy(separator, 0, joined, at, separator.length);
        at += separator.length;
      }
      System.arraycopy(message.bytes(), 0, joined, at, message.bytes().length);
      at += message.bytes().length;
    }
    return joined;
  }

  private static int length(List<Encoded> messages, int between) {
    int length = (messages.size() - 1) * between;
    for (int i = 0; i < messages.size(); i++) {
      length += messages.get(i).bytes().length;
    }
    return length;
  }

  private static ByteBuf buffer(int capacity) {
    return ByteBufAllocator.DEFAULT.directBuffer(capacity);
  }

  private static int opcode(Encoded message) {
    return FIN | (message.text() ? TEXT : BINARY);
  }

  private static int headerLength(int length) {
    return length < 126 ? 2 : length <= 0xFFFF ? 4 : LONGEST_HEADER;
  }

  private static void header(ByteBuf frame, int first, int length) {
    frame.writeByte(first);
    if (length < 126) {
      frame.writeByte(length);
    } else if (length <= 0xFFFF) {
      frame.writeByte(126).writeShort(length);
    } else {
      frame.writeByte(127).writeLong(length);
    }
  }
}
