package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.CONTINUATION;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.RSV1;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.close;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.hex;
import static io.tidegate.gateway.testing.ClientFrames.join;
import static io.tidegate.gateway.testing.ClientFrames.ping;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static io.tidegate.gateway.testing.ClientFrames.unmasked;
import static io.tidegate.gateway.wire.Wired.FRAGMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tidegate.gateway.session.ConnectionHandler;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a connection ends (RFC 6455 sections 5.5.1 and 7). */
final class CloseHandshakeTest {
  private static final byte[] WRONG = unmasked(FIN | TEXT, hex("61"));

  @ParameterizedTest
  @MethodSource
  void violationIsAnsweredWithItsCodeAndCountedByItsName(
      byte[] frames, String sent, String reason) {
    try (var wired = new Wired(new Extensions("permessage-deflate", 1))) {
      wired.read(text("before"), frames, text("after"));
      assertThat(wired.events).containsExactly("text before", "closed " + reason);
      assertThat(wired.sent()).containsExactly("close " + sent);
      assertThat(wired.channel.isActive()).isFalse();
      int hits = wired.hits("fragments_per_message") + wired.hits("max_payload");
      assertThat(hits).isEqualTo(reason.startsWith("too_many") || reason.endsWith("big") ? 1 : 0);
    }
  }

  static Stream<Arguments> violationIsAnsweredWithItsCodeAndCountedByItsName() {
    byte[] fragments = frame(TEXT, hex("61"));
    for (int i = 0; i < FRAGMENTS; i++) {
      fragments = join(fragments, frame(CONTINUATION, hex("61")));
    }
    return Stream.of(
        arguments(WRONG, "1002 protocol error", "protocol_error"),
        arguments(close(1005, ""), "1002 protocol error", "protocol_error"),
        arguments(frame(FIN | TEXT, hex("ff")), "1007 invalid UTF-8", "invalid_data"),
        arguments(
            frame(FIN | RSV1 | TEXT, hex("06")),
            "1007 invalid compressed data",
            "invalid_compression"),
        arguments(fragments, "1008 too many fragments", "too_many_fragments"),
        arguments(
            frame(FIN | TEXT, 16, 1_025, new byte[0]), "1009 message too big", "message_too_big"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 1001, 3000, 4999})
  void answerToACloseFrameRepeatsItsCode(int code) {
    try (var wired = new Wired()) {
      wired.read(text("a"), close(code, "bye"), text("b"));
      assertThat(wired.events).containsExactly("text a", "closed client");
      assertThat(wired.sent()).containsExactly("close " + code + " ");
      assertThat(wired.channel.isActive()).isFalse();
    }
  }

  @Test
  void answerToACloseFrameWithoutCodeHasNone() {
    try (var wired = new Wired()) {
      wired.read(close());
      assertThat(wired.sent()).containsExactly("close");
      assertThat(wired.events).containsExactly("closed client");
    }
  }

  @Test
  void whatWasWrittenBeforeComesBeforeTheCloseFrame() {
    try (var wired = new Wired()) {
      wired.connection.write(Unpooled.copiedBuffer(hex("81 01 61")));
      wired.read(ping("b"), close(1000, ""));
      assertThat(wired.sent()).containsExactly("text a", "pong 62", "close 1000 ");
    }
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whatTheHandlerHasCollectedComesBeforeTheCloseFrame(byte[] end, String sent) {
    try (var wired = new Wired()) {
      wired.connection.handler(
          new ConnectionHandler() {
            private final List<String> collected = new ArrayList<>();

            @Override
            public void message(byte[] message, boolean text) {
              collected.add(HexFormat.of().formatHex(message));
            }

            @Override
            public void closed(String reason) {
              for (String each : collected) {
                wired.connection.write(Unpooled.copiedBuffer(hex("81 01" + each)));
              }
            }
          });
      wired.read(text("a"), text("b"), end);
      assertThat(wired.sent()).containsExactly("text a", "text b", sent);
    }
  }

  static Stream<Arguments> ends() {
    return Stream.of(
        arguments(WRONG, "close 1002 protocol error"), arguments(close(1000, ""), "close 1000 "));
  }

  @Test
  void afterOurCloseFrameNothingIsWrittenAndOnlyThePeersIsHeard() {
    try (var wired = new Wired()) {
      wired.connection.close(3001, "shutdown");
      assertThat(wired.sent()).containsExactly("close 3001 shutdown");
      ByteBuf late = Unpooled.copiedBuffer(hex("81 01 61"));
      wired.connection.write(late);
      assertThat(late.refCnt()).isZero();
      wired.connection.ping();
      wired.connection.close(3004, "again");
      wired.connection.flush();
      wired.read(text("a"), ping("b"));
      assertThat(wired.channel.isActive()).isTrue();
      wired.read(close(3001, ""));
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.sent()).isEmpty();
      assertThat(wired.events).isEmpty();
    }
  }

  @Test
  void violationAfterOurCloseFrameEndsItWithoutAnother() {
    try (var wired = new Wired()) {
      wired.connection.close(3001, "shutdown");
      wired.read(WRONG);
      assertThat(wired.sent()).containsExactly("close 3001 shutdown");
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.events).isEmpty();
    }
  }

  @Test
  void peerThatDoesNotAnswerIsCutOff() {
    try (var wired = new Wired()) {
      wired.connection.close(3001, "shutdown");
      wired.after(4);
      assertThat(wired.channel.isActive()).isTrue();
      wired.after(1);
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.sent()).hasSize(1);
    }
  }

  @Test
  void peerThatGoesOnSendingIsCutOff() {
    byte[] mebibyte = frame(FIN | TEXT, new byte[1_016]);
    while (mebibyte.length < 1 << 20) {
      mebibyte = join(mebibyte, mebibyte);
    }
    try (var wired = new Wired()) {
      wired.connection.close(3001, "shutdown");
      for (int i = 0; i < 16; i++) {
        wired.read(mebibyte);
      }
      assertThat(wired.channel.isActive()).isTrue();
      wired.read(ping(""));
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.sent()).hasSize(1);
    }
  }

  @Test
  void oneFrameMayBeFinishedAfterOurCloseFrameHoweverLargeItMayBe() {
    int most = 20 << 20;
    try (var wired = new Wired(Extensions.NONE, Wired.limits(most))) {
      wired.read(frame(FIN | BINARY, 64, most, new byte[0]));
      wired.connection.close(3001, "shutdown");
      for (int i = 0; i < 20; i++) {
        wired.read(new byte[1 << 20]);
      }
      assertThat(wired.channel.isActive()).isTrue();
      wired.read(close(3001, ""));
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.sent()).hasSize(1);
    }
  }

  @Test
  void closeFromWithinAHandlerIsTheLastWord() {
    try (var wired = new Wired()) {
      wired.connection.handler(
          new ConnectionHandler() {
            @Override
            public void message(byte[] message, boolean text) {
              wired.events.add("message");
              wired.connection.close(3501, "bad request");
            }

            @Override
            public void closed(String reason) {
              wired.events.add(reason);
            }
          });
      wired.read(text("a"), text("b"), ping(""));
      assertThat(wired.events).containsExactly("message");
      assertThat(wired.sent()).containsExactly("close 3501 bad request");
    }
  }

  @Test
  void longReasonIsCutToWhatFits() {
    try (var wired = new Wired()) {
      wired.connection.close(3500, "é".repeat(100));
      assertThat(wired.sent()).containsExactly("close 3500 " + "é".repeat(61));
    }
  }
}
