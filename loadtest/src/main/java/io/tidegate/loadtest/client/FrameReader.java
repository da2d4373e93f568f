package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Finds the messages in what a server sends (RFC 6455 section 5.2). Frames are looked at where they
 * were read to, an array that the connections of an event loop share; only what is not whole yet is
 * kept. Confined to one connection.
 */
final class FrameReader {
  static final int MESSAGE_AT_MOST = 16 << 20;
  private static final byte[] NOTHING = new byte[0];
  private static final int SHORT_HEADER = 2;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  private final Scratch scratch;
  private final Sink sink;
  // The beginning of a frame that is not whole yet.
  private byte[] rest = NOTHING;
  // The fragments so far of a message that is not whole yet.
  private byte[] fragments = NOTHING;
  private boolean fragmented;

  /** Where messages go. */
  interface Sink {
    void message(byte[] bytes, int from, int to);

    void pinged(byte[] payload);

    void closed(int code, String reason);
  }

  /** An array to read into, as long as the longest read so far. Confined to one event loop. */
  static final class Scratch {
    private byte[] bytes = new byte[1 << 16];

    byte[] atLeast(int length) {
      if (bytes.length < length) {
        bytes = new byte[Math.max(length, 2 * bytes.length)];
      }
      return bytes;
    }
  }

  FrameReader(Scratch scratch, Sink sink) {
    this.scratch = scratch;
    this.sink = sink;
  }

  /** Reads all of it; a frame that no server may send is a {@link ClientException}. */
  void read(ByteBuf in) {
    int kept = rest.length;
    int end = kept + in.readableBytes();
    byte[] bytes = scratch.atLeast(end);
    System.arraycopy(rest, 0, bytes, 0, kept);
    in.readBytes(bytes, kept, end - kept);
    rest = NOTHING;
    int at = 0;
    while (at < end) {
      int next = frame(bytes, at, end);
      if (next < 0) {
        rest = Arrays.copyOfRange(bytes, at, end);
        return;
      }
      at = next;
    }
  }

  /** Where the next frame begins, or a negative number where this one is not whole. */
  private int frame(byte[] bytes, int at, int end) {
    if (end - at < SHORT_HEADER) {
      return -1;
    }
    int lengthByte = bytes[at + 1] & 0xff;
    int extra = lengthByte == LENGTH_16 ? 2 : lengthByte == LENGTH_64 ? 8 : 0;
    if ((bytes[at] & 0x70) != 0 || lengthByte > LENGTH_64) {
      throw new ClientException("frame: reserved bits, or masked by the server");
    }
    int from = at + SHORT_HEADER + extra;
    if (from > end) {
      return -1;
    }
    long length = extra == 0 ? lengthByte : 0;
    for (int i = from - extra; i < from; i++) {
      length = (length << 8) | (bytes[i] & 0xff);
    }
    if (length < 0 || length + fragments.length > MESSAGE_AT_MOST) {
      throw new ClientException("frame: more than " + MESSAGE_AT_MOST + " bytes");
    }
    int to = from + (int) length;
    if (to > end) {
      return -1;
    }
    frame(bytes[at] & 0x0f, bytes[at] < 0, bytes, from, to);
    return to;
  }

  private void frame(int opcode, boolean last, byte[] bytes, int from, int to) {
    switch (opcode) {
      case Frames.TEXT, Frames.BINARY, Frames.CONTINUATION -> {
        if ((opcode == Frames.CONTINUATION) != fragmented) {
          throw new ClientException("frame: a fragment out of place");
        }
        data(last, bytes, from, to);
      }
      case Frames.PING -> sink.pinged(Arrays.copyOfRange(bytes, from, to));
      case Frames.PONG -> {}
      case Frames.CLOSE -> closed(bytes, from, to);
      default -> throw new ClientException("frame: opcode " + opcode);
    }
  }

  private void data(boolean last, byte[] bytes, int from, int to) {
    if (last && !fragmented) {
      sink.message(bytes, from, to);
      return;
    }
    byte[] joined = Arrays.copyOf(fragments, fragments.length + to - from);
    System.arraycopy(bytes, from, joined, fragments.length, to - from);
    fragmented = !last;
    fragments = last ? NOTHING : joined;
    if (last) {
      sink.message(joined, 0, joined.length);
    }
  }

  private void closed(byte[] bytes, int from, int to) {
    boolean coded = to - from >= 2;
    int code = coded ? ((bytes[from] & 0xff) << 8) | (bytes[from + 1] & 0xff) : -1;
    sink.closed(code, coded ? new String(bytes, from + 2, to - from - 2, UTF_8) : "");
  }
}
