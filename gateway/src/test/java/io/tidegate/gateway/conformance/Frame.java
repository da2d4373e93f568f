package io.tidegate.gateway.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HexFormat;

/**
 * A frame as a client sends it, right or wrong (section 5.2). Immutable.
 *
 * @param reserved RSV1, RSV2 and RSV3 as 4, 2 and 1
 * @param masked whether it is; a client's has to be
 * @param announced the length that the header says, usually the payload's
 * @param width of the extended length in bytes: 0, 2 or 8
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record Frame(
    int opcode,
    boolean last,
    int reserved,
    boolean masked,
    int key,
    long announced,
    int width,
    byte[] payload) {
  static final int CONTINUATION = 0;
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** Of the examples in section 5.7. */
  private static final int KEY = 0x37fa213d;

  static Frame of(int opcode, byte[] payload) {
    int width = payload.length < 126 ? 0 : payload.length < 1 << 16 ? 2 : 8;
    return new Frame(opcode, true, 0, true, KEY, payload.length, width, payload);
  }

  static Frame text(String payload) {
    return text(payload.getBytes(UTF_8));
  }

  static Frame text(byte[] payload) {
    return of(TEXT, payload);
  }

  static Frame binary(byte[] payload) {
    return of(BINARY, payload);
  }

  static Frame continuation(String payload) {
    return continuation(payload.getBytes(UTF_8));
  }

  static Frame continuation(byte[] payload) {
    return of(CONTINUATION, payload);
  }

  static Frame ping(String payload) {
    return ping(payload.getBytes(UTF_8));
  }

  static Frame ping(byte[] payload) {
    return of(PING, payload);
  }

  static Frame pong(String payload) {
    return pong(payload.getBytes(UTF_8));
  }

  static Frame pong(byte[] payload) {
    return of(PONG, payload);
  }

  static Frame close() {
    return of(CLOSE, new byte[0]);
  }

  static Frame close(int code) {
    return close(code, "");
  }

  static Frame close(int code, String reason) {
    return close(code, reason.getBytes(UTF_8));
  }

  static Frame close(int code, byte[] reason) {
    byte[] payload = new byte[2 + reason.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(reason, 0, payload, 2, reason.length);
    return of(CLOSE, payload);
  }

  /** With FIN clear: more of the message follows. */
  Frame more() {
    return new Frame(opcode, false, reserved, masked, key, announced, width, payload);
  }

  Frame reserved(int bits) {
    return new Frame(opcode, last, bits, masked, key, announced, width, payload);
  }

  /** With RSV1 set (RFC 7692 section 6). */
  Frame compressed() {
    return reserved(4);
  }

  Frame unmasked() {
    return new Frame(opcode, last, reserved, false, key, announced, width, payload);
  }

  Frame key(int replaced) {
    return new Frame(opcode, last, reserved, masked, replaced, announced, width, payload);
  }

  /** With an extended length of so many bytes, whether that many are needed or not. */
  Frame width(int bytes) {
    return new Frame(opcode, last, reserved, masked, key, announced, bytes, payload);
  }

  /** With a header that promises more payload than there is. */
  Frame announcing(long length) {
    int bytes = length >= 0 && length < 126 ? 0 : length >= 0 && length < 1 << 16 ? 2 : 8;
    return new Frame(opcode, last, reserved, masked, key, length, bytes, payload);
  }

  byte[] bytes() {
    var bytes = new ByteArrayOutputStream(payload.length + 14);
    var out = new DataOutputStream(bytes);
    int mask = masked ? 0x80 : 0;
    try {
      out.writeByte((last ? 0x80 : 0) | (reserved << 4) | opcode);
      if (width == 0) {
        out.writeByte(mask | (int) announced);
      } else if (width == 2) {
        out.writeByte(mask | 126);
        out.writeShort((int) announced);
      } else {
        out.writeByte(mask | 127);
        out.writeLong(announced);
      }
      if (masked) {
        out.writeInt(key);
      }
      out.write(masked ? mask(payload, key) : payload);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Section 5.3. */
  private static byte[] mask(byte[] payload, int key) {
    byte[] result = new byte[payload.length];
    for (int i = 0; i < payload.length; i++) {
      result[i] = (byte) (payload[i] ^ key >>> (24 - i % 4 * 8));
    }
    return result;
  }

  static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** So many bytes of ASCII in which any shift, loss or repetition shows. */
  static byte[] ascii(int length) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      result[i] = (byte) ('!' + (i * 31 + i / 89 * 7) % 90);
    }
    return result;
  }
}
