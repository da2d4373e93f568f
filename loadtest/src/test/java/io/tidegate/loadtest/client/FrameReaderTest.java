package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameReaderTest {
  private final List<String> seen = new ArrayList<>();
  private final FrameReader.Scratch scratch = new FrameReader.Scratch();
  private final FrameReader reader = reader();

  @Test
  void readsFramesOfEveryLength() {
    for (int length : new int[] {0, 125, 126, 65_535, 65_536, 200_000}) {
      seen.clear();
      read(reader, frame(0x81, "x".repeat(length)) + frame(0x82, "y"));
      assertThat(seen).containsExactly("x".repeat(length), "y");
    }
  }

  @Test
  void doesNotCareWhereReadsEnd() {
    String stream = frame(0x81, "a".repeat(130)) + frame(0x89, "p") + frame(0x81, "b");
    for (int cut = 0; cut < stream.length(); cut++) {
      seen.clear();
      read(reader, stream.substring(0, cut));
      read(reader, stream.substring(cut));
      assertThat(seen).containsExactly("a".repeat(130), "ping p", "b");
    }
  }

  @Test
  void connectionsThatShareAnArrayDoNotMixUpWhatIsNotWhole() {
    FrameReader other = reader();
    String first = frame(0x81, "first");
    String second = frame(0x81, "second");
    read(reader, first.substring(0, 4));
    read(other, second.substring(0, 5));
    read(reader, first.substring(4));
    read(other, second.substring(5));
    assertThat(seen).containsExactly("first", "second");
  }

  @Test
  void joinsFragmentsAroundControlFrames() {
    read(reader, frame(0x01, "on") + frame(0x89, "") + frame(0x00, "") + frame(0x80, "e"));
    assertThat(seen).containsExactly("ping ", "one");
  }

  @Test
  void tellsCodeAndReasonOfAClose() {
    read(reader, frame(0x88, "\u000b\u00c4no pong") + frame(0x88, ""));
    assertThat(seen).containsExactly("closed 3012 no pong", "closed -1 ");
  }

  @Test
  void whatNoServerMaySendIsAnError() {
    List.of(
            frame(0xc1, "x"),
            frame(0x83, "x"),
            frame(0x80, "x"),
            frame(0x01, "x") + frame(0x81, "y"),
            "\u0081\u0081mask?",
            "\u0081\u007f\u0000\u0000\u0000\u0000\u0001\u0000\u0000\u0001")
        .forEach(
            bytes ->
                assertThatThrownBy(() -> read(reader(), bytes))
                    .as("%s", bytes)
                    .isInstanceOf(ClientException.class));
  }

  @Test
  void framesOfAClientAreWholeAndMasked() {
    for (int length : new int[] {0, 5, 125, 126, 65_536}) {
      byte[] payload = "z".repeat(length).getBytes(ISO_8859_1);
      ByteBuf frame = Frames.of(Frames.TEXT, payload, 0x01020304, UnpooledByteBufAllocator.DEFAULT);
      assertThat(frame.readUnsignedByte()).isEqualTo((short) 0x81);
      int head = frame.readUnsignedByte();
      assertThat(head & 0x80).isEqualTo(0x80);
      int announced = head & 0x7f;
      if (announced == 126) {
        announced = frame.readUnsignedShort();
      } else if (announced == 127) {
        announced = (int) frame.readLong();
      }
      assertThat(announced).isEqualTo(length);
      assertThat(frame.readInt()).isEqualTo(0x01020304);
      for (int i = 0; i < length; i++) {
        assertThat(frame.readByte() ^ (1 + i % 4)).isEqualTo('z');
      }
      assertThat(frame.isReadable()).isFalse();
      frame.release();
    }
  }

  private FrameReader reader() {
    return new FrameReader(
        scratch,
        new FrameReader.Sink() {
          @Override
          public void message(byte[] bytes, int from, int to) {
            seen.add(new String(bytes, from, to - from, ISO_8859_1));
          }

          @Override
          public void pinged(byte[] payload) {
            seen.add("ping " + new String(payload, ISO_8859_1));
          }

          @Override
          public void closed(int code, String reason) {
            seen.add("closed " + code + " " + reason);
          }
        });
  }

  private static void read(FrameReader reader, String bytes) {
    reader.read(Unpooled.wrappedBuffer(bytes.getBytes(ISO_8859_1)));
  }

  private static String frame(int first, String payload) {
    var frame = new StringBuilder().append((char) first);
    int length = payload.length();
    if (length < 126) {
      frame.append((char) length);
    } else if (length < 65_536) {
      frame.append((char) 126).append((char) (length >> 8)).append((char) (length & 0xff));
    } else {
      frame.append((char) 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.append((char) (((long) length >> shift) & 0xff));
      }
    }
    return frame.append(payload).toString();
  }
}
