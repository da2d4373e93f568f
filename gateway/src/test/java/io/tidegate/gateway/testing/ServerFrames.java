package io.tidegate.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/** Reads frames as a server sends them (RFC 6455 section 5.2). */
public final class ServerFrames {
  private static final int FIN_TEXT = 0x81;

  private ServerFrames() {}

  /** The content of the one text frame that {@code bytes} are; consumes them. */
  public static String text(ByteBuf bytes) {
    assertThat(bytes.readUnsignedByte()).isEqualTo((short) FIN_TEXT);
    int length = length(bytes);
    assertThat(bytes.readableBytes()).isEqualTo(length);
    return bytes.readCharSequence(length, StandardCharsets.UTF_8).toString();
  }

  private static int length(ByteBuf bytes) {
    int length = bytes.readUnsignedByte();
    if (length == 126) {
      return bytes.readUnsignedShort();
    }
    return length == 127 ? Math.toIntExact(bytes.readLong()) : length;
  }
}
