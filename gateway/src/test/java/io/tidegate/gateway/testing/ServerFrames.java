package io.tidegate.gateway.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads frames as a server sends them (RFC 6455 section 5.2). */
public final class ServerFrames {
  private static final int FIN_TEXT = 0x81;
  private static final int FIN_BINARY = 0x82;

  private ServerFrames() {}

  /** The content of the one text frame that {@code bytes} are; consumes them. */
  public static String text(ByteBuf bytes) {
    List<String> texts = texts(bytes);
    assertThat(texts).hasSize(1);
    return texts.get(0);
  }

  /** The content of the one binary frame that {@code bytes} are; consumes them. */
  public static byte[] binary(ByteBuf bytes) {
    assertThat(bytes.readUnsignedByte()).isEqualTo((short) FIN_BINARY);
    byte[] content = new byte[length(bytes)];
    bytes.readBytes(content);
    assertThat(bytes.isReadable()).isFalse();
    return content;
  }

  /** The contents of text frames; consumes them. */
  public static List<String> texts(ByteBuf bytes) {
    var texts = new ArrayList<String>();
    while (bytes.isReadable()) {
      assertThat(bytes.readUnsignedByte()).isEqualTo((short) FIN_TEXT);
      texts.add(bytes.readCharSequence(length(bytes), StandardCharsets.UTF_8).toString());
    }
    return texts;
  }

  private static int length(ByteBuf bytes) {
    int length = bytes.readUnsignedByte();
    if (length == 126) {
      return bytes.readUnsignedShort();
    }
    return length == 127 ? Math.toIntExact(bytes.readLong()) : length;
  }
}
