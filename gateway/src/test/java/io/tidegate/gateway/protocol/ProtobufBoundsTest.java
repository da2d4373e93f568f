package io.tidegate.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.tidegate.gateway.protocol.generated.ClientProto;
import io.tidegate.gateway.protocol.generated.ClientProto.ConnectRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.SubscribeRequest;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What hostile frames of 64 KiB cost to decode, in bytes of the heap. */
final class ProtobufBoundsTest {
  private static final int FRAME = 64 << 10;
  private static final int BYTES_PER_BYTE = 64;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final ProtobufProtocol protocol = new ProtobufProtocol();

  @ParameterizedTest
  @MethodSource
  void aFrameTakesASmallMultipleOfItsSize(String what, byte[] frame) {
    decode(frame); // Loads classes.
    long before = THREADS.getCurrentThreadAllocatedBytes();
    decode(frame);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as(what).isLessThan((long) BYTES_PER_BYTE * FRAME);
  }

  static Stream<Arguments> aFrameTakesASmallMultipleOfItsSize() {
    return Stream.of(
        Arguments.of("empty entries of a map", within(4, new byte[] {0x1a, 0})),
        Arguments.of("entries of a map", entries()),
        Arguments.of("empty texts", within(4, new byte[] {0x0a, 0})),
        Arguments.of("texts of a byte", within(4, new byte[] {0x0a, 1, 'x'})),
        Arguments.of("positions", within(10, new byte[] {0x42, 0})),
        Arguments.of("data of a byte", within(7, new byte[] {0x12, 1, 'x'})),
        Arguments.of("unknown numbers", within(4, new byte[] {(byte) 0xf8, 0x3f, 1})),
        Arguments.of("unknown fields, all others", unknown()),
        Arguments.of("groups", within(4, new byte[] {0x0b})),
        Arguments.of("commands", frame(repeated(new byte[] {0x22, 0}))),
        Arguments.of("pongs", new byte[FRAME]),
        Arguments.of("a text", text()));
  }

  private void decode(byte[] frame) {
    try {
      protocol.decode(frame, false, command -> {});
    } catch (MalformedFrameException e) {
      assertThat(e).hasMessageContaining("(expected: ");
    }
  }

  private static byte[] repeated(byte[] part) {
    byte[] all = new byte[(FRAME - 16) / part.length * part.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = part[i % part.length];
    }
    return all;
  }

  /** A message whose command of that number is full of {@code part}. */
  private static byte[] within(int number, byte[] part) {
    byte[] fields = repeated(part);
    var message = new ByteArrayOutputStream();
    message.writeBytes(new byte[] {8, 1});
    message.write(number << 3 | 2);
    message.writeBytes(length(fields.length));
    message.writeBytes(fields);
    return frame(message.toByteArray());
  }

  private static byte[] frame(byte[] message) {
    var frame = new ByteArrayOutputStream();
    frame.writeBytes(length(message.length));
    frame.writeBytes(message);
    return frame.toByteArray();
  }

  private static byte[] length(int length) {
    return new byte[] {
      (byte) (length | 0x80), (byte) (length >> 7 | 0x80), (byte) (length >> 14 & 0x7f)
    };
  }

  private static byte[] entries() {
    var connect = ConnectRequest.newBuilder();
    for (int i = 0; i < FRAME / 13; i++) {
      connect.putSubs("" + i, SubscribeRequest.newBuilder().setRecover(true).build());
    }
    return ProtobufFrames.of(ClientProto.Command.newBuilder().setId(1).setConnect(connect).build());
  }

  private static byte[] unknown() {
    var fields = new ByteArrayOutputStream();
    for (int number = 2_048; fields.size() < FRAME - 32; number++) {
      int tag = number << 3;
      fields.writeBytes(length(tag));
      fields.write(0);
    }
    return frame(fields.toByteArray());
  }

  private static byte[] text() {
    byte[] text = new byte[FRAME - 64];
    Arrays.fill(text, (byte) 'x');
    return ProtobufFrames.of(
        ClientProto.Command.newBuilder()
            .setId(1)
            .setConnect(ConnectRequest.newBuilder().setTokenBytes(ByteString.copyFrom(text)))
            .build());
  }
}
