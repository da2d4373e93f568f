package io.tidegate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A frame of the server, which is as a server's has to be: read without mercy.
 *
 * @param compressed whether RSV1 was set
 * @param wire the payload as it came
 * @param payload the payload, inflated where it was compressed
 * @param reach the longest distance back in the compressed payload, in bytes
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Received(int opcode, boolean compressed, byte[] wire, byte[] payload, int reach) {
  private static final int LONGEST = 64 << 20;

  /**
   * The next frame; absent at the end of the stream.
   *
   * @param deflate whether permessage-deflate was agreed on
   */
  static @Nullable Received read(InputStream stream, boolean deflate) throws IOException {
    int first = stream.read();
    if (first < 0) {
      return null;
    }
    var in = new DataInputStream(stream);
    int opcode = first & 15;
    boolean compressed = (first & 0x40) != 0;
    boolean control = opcode >= Frame.CLOSE;
    assertThat(opcode).as("opcode").isIn(Frame.TEXT, Frame.BINARY, Frame.CLOSE, Frame.PONG);
    assertThat(first & 0x80).as("FIN: the node sends a message as one frame").isEqualTo(0x80);
    assertThat(first & 0x30).as("RSV2 and RSV3").isZero();
    assertThat(compressed && (control || !deflate)).as("RSV1 where it may not be").isFalse();
    long length = length(in);
    assertThat(length).as("length").isLessThanOrEqualTo(control ? 125 : LONGEST);
    byte[] wire = new byte[(int) length];
    in.readFully(wire);
    return of(opcode, compressed, wire);
  }

  private static Received of(int opcode, boolean compressed, byte[] wire) {
    Inflated inflated = compressed ? Inflated.message(wire) : new Inflated(wire, 0, "");
    if (opcode == Frame.TEXT) {
      assertUtf8(ByteBuffer.wrap(inflated.bytes()));
    }
    if (opcode == Frame.CLOSE) {
      assertThat(wire.length).as("bytes in a close frame").isNotEqualTo(1);
      if (wire.length > 0) {
        assertUtf8(ByteBuffer.wrap(wire, 2, wire.length - 2));
      }
    }
    return new Received(opcode, compressed, wire, inflated.bytes(), inflated.reach());
  }

  /** Section 5.2: in as few bytes as can be. */
  private static long length(DataInputStream in) throws IOException {
    int second = in.readUnsignedByte();
    assertThat(second & 0x80).as("mask of a server's frame").isZero();
    if (second < 126) {
      return second;
    }
    long length = second == 126 ? in.readUnsignedShort() : in.readLong();
    assertThat(length)
        .as("length in its shortest form")
        .isGreaterThanOrEqualTo(second == 126 ? 126 : 1 << 16);
    return length;
  }

  private static void assertUtf8(ByteBuffer bytes) {
    try {
      var unused =
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(bytes);
    } catch (CharacterCodingException e) {
      throw new AssertionError("the server's text is no UTF-8", e);
    }
  }

  /** The code of a close frame; 1005 where there is none (section 7.1.5). */
  int closeCode() {
    return wire.length == 0 ? 1005 : ((wire[0] & 255) << 8) | (wire[1] & 255);
  }
}
