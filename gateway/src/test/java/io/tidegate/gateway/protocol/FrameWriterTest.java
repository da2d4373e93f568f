package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.tidegate.gateway.testing.ServerFrames;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameWriterTest {
  private static final byte[] TAIL = {0, 0, (byte) 0xFF, (byte) 0xFF};
  private static final int ANY = Integer.MAX_VALUE;

  private final JsonProtocol protocol = new JsonProtocol();
  private final FrameWriter writer = new FrameWriter(new Compression(true, 64, 1));

  @Test
  void messagesOfOneFrameAreJoinedByLineBreaks() {
    Encoded ping = protocol.ping();
    ByteBuf frame = writer.frames(protocol, List.of(ping, ping, ping), 0);
    assertThat(ServerFrames.text(frame)).isEqualTo("{}\n{}\n{}");
    frame.release();
  }

  @ParameterizedTest(name = "rfc6455_5_2: the header of {0} bytes is {1}")
  @CsvSource({
    "0, 8100",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000",
  })
  void lengthsTakeTheirShortestForm(int length, String header) {
    byte[] bytes = wire(writer.frame(text("x".repeat(length)), 0));
    int headerLength = header.length() / 2;
    assertThat(hex(Arrays.copyOf(bytes, headerLength))).isEqualTo(header);
    assertThat(bytes).hasSize(headerLength + length);
  }

  @Test
  void binaryMessagesGoOutInBinaryFrames() {
    assertThat(hex(wire(writer.frame(new Encoded(new byte[] {7}, false), 0)))).isEqualTo("820107");
  }

  @Test
  void rfc7692_7_2_1_compressedMessageHasRsv1AndNoTail() throws Exception {
    String text = "tide ".repeat(100);
    byte[] bytes = wire(writer.frame(text(text), ANY));
    assertThat(bytes.length).isLessThan(100);
    assertThat(bytes[0]).isEqualTo((byte) 0xC1);
    byte[] payload = Arrays.copyOfRange(bytes, 2, bytes.length);
    assertThat(payload).isNotEmpty();
    assertThat(new String(inflate(payload), UTF_8)).isEqualTo(text);
  }

  @Test
  void messagesDoNotReferToEarlierOnes() throws Exception {
    String text = "tide ".repeat(100);
    byte[] first = wire(writer.frame(text(text), ANY));
    assertThat(wire(writer.frame(text(text), ANY))).isEqualTo(first);
  }

  @Test
  void messagesBelowTheThresholdStayAsTheyAre() {
    assertThat(wire(writer.frame(text("a".repeat(63)), ANY))[0]).isEqualTo((byte) 0x81);
    assertThat(wire(writer.frame(text("a".repeat(64)), ANY))[0]).isEqualTo((byte) 0xC1);
  }

  @Test
  void messagesAboveAReceiversWindowStayAsTheyAre() {
    assertThat(wire(writer.frame(text("a".repeat(512)), 512))[0]).isEqualTo((byte) 0xC1);
    assertThat(wire(writer.frame(text("a".repeat(513)), 512))[0]).isEqualTo((byte) 0x81);
  }

  @Property(tries = 200)
  void whateverIsWrittenReadsBack(
      @ForAll @IntRange(max = 70_000) int length, @ForAll @IntRange(min = 1, max = 256) int values)
      throws Exception {
    byte[] data = new byte[length];
    var random = new Random(length);
    for (int i = 0; i < length; i++) {
      data[i] = (byte) random.nextInt(values);
    }
    byte[] bytes = wire(writer.frame(new Encoded(data, false), ANY));
    int header = bytes[1] < 126 ? 2 : bytes[1] == 126 ? 4 : 10;
    byte[] payload = Arrays.copyOfRange(bytes, header, bytes.length);
    assertThat(payload.length).isLessThanOrEqualTo(length);
    assertThat((bytes[0] & 0x40) == 0 ? payload : inflate(payload)).isEqualTo(data);
  }

  private static Encoded text(String text) {
    return new Encoded(text.getBytes(UTF_8), true);
  }

  private static byte[] wire(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }

  private static String hex(byte[] bytes) {
    return ByteBufUtil.hexDump(bytes);
  }

  private static byte[] inflate(byte[] payload) throws DataFormatException {
    var inflater = new Inflater(true);
    byte[] input = Arrays.copyOf(payload, payload.length + TAIL.length);
    System.arraycopy(TAIL, 0, input, payload.length, TAIL.length);
    inflater.setInput(input);
    byte[] output = new byte[100_000];
    int length = inflater.inflate(output);
    inflater.end();
    return Arrays.copyOf(output, length);
  }
}
