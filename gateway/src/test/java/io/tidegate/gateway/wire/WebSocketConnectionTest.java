package io.tidegate.gateway.wire;

import static io.tidegate.gateway.testing.ClientFrames.BINARY;
import static io.tidegate.gateway.testing.ClientFrames.FIN;
import static io.tidegate.gateway.testing.ClientFrames.PONG;
import static io.tidegate.gateway.testing.ClientFrames.RSV1;
import static io.tidegate.gateway.testing.ClientFrames.TEXT;
import static io.tidegate.gateway.testing.ClientFrames.frame;
import static io.tidegate.gateway.testing.ClientFrames.hex;
import static io.tidegate.gateway.testing.ClientFrames.ping;
import static io.tidegate.gateway.testing.ClientFrames.text;
import static io.tidegate.gateway.wire.Wired.CONTROL_FRAMES;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.tidegate.gateway.session.ConnectionHandler;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** An open connection; {@code CloseHandshakeTest} is about its end. */
final class WebSocketConnectionTest {
  private static final byte[] FLOOD_PING = ping("");

  @Test
  void messagesAndPongsGoToTheHandler() {
    try (var wired = new Wired()) {
      wired.read(text("a"), frame(FIN | BINARY, hex("62")), frame(FIN | PONG, hex("63")));
      assertThat(wired.events).containsExactly("text a", "binary b", "pong");
    }
  }

  @Test
  void handlerMayBeExchangedBetweenTwoMessagesOfARead() {
    try (var wired = new Wired()) {
      wired.connection.handler(
          new ConnectionHandler() {
            @Override
            public void message(byte[] message, boolean text) {
              wired.events.add("first " + new String(message, UTF_8));
              wired.connection.handler(wired);
            }

            @Override
            public void closed(String reason) {}
          });
      wired.read(text("a"), text("b"));
      assertThat(wired.events).containsExactly("first a", "text b");
    }
  }

  @Test
  void handlerThatFailsLosesNoMessage() {
    try (var wired = new Wired()) {
      wired.read(text("throw"), text("b"));
      assertThat(wired.events).containsExactly("text throw", "failed as asked", "text b");
    }
  }

  @Test
  void pingsOfOneReadAreAnsweredWithOneFlush() {
    try (var wired = new Wired()) {
      wired.read(ping("a"), ping(""), ping("x".repeat(125)));
      assertThat(wired.sent()).containsExactly("pong 61", "pong ", "pong " + "78".repeat(125));
      assertThat(wired.flushes).isEqualTo(1);
      wired.read(text("a"));
      assertThat(wired.flushes).isEqualTo(1);
    }
  }

  @Test
  void pingOfOursHasNoPayloadAndWaitsForTheFlush() {
    try (var wired = new Wired()) {
      wired.connection.ping();
      assertThat(wired.sent()).isEmpty();
      wired.connection.flush();
      assertThat(wired.sent()).containsExactly("ping ");
    }
  }

  @Test
  void framesAreWrittenAsTheyAre() {
    try (var wired = new Wired()) {
      ByteBuf frames = Unpooled.copiedBuffer(hex("81 01 61 81 01 62"));
      wired.connection.write(frames);
      assertThat(wired.connection.pendingBytes()).isPositive();
      wired.connection.flush();
      assertThat(wired.sent()).containsExactly("text a", "text b");
      assertThat(frames.refCnt()).isZero();
    }
  }

  @Test
  void controlFramesAreCounted() {
    try (var wired = new Wired()) {
      int burst = 2 * CONTROL_FRAMES;
      byte[][] flood = new byte[burst][];
      Arrays.fill(flood, FLOOD_PING);
      wired.read(flood);
      assertThat(wired.sent()).hasSize(burst);
      wired.read(text("a"), FLOOD_PING, text("b"), FLOOD_PING);
      assertThat(wired.sent()).containsExactly("close 3013 too many requests");
      assertThat(wired.events).containsExactly("text a", "closed too_many_requests");
      assertThat(wired.channel.isActive()).as("still listened to").isFalse();
      assertThat(wired.hits("control_frames_per_second")).isEqualTo(1);
    }
  }

  @Test
  void pongsThatWouldWaitBehindTooMuchAreASlowConsumers() {
    try (var wired = new Wired()) {
      wired.stuck = true;
      wired.connection.write(Unpooled.wrappedBuffer(new byte[1 + Wired.LIMITS.queueBytes()]));
      wired.read(ping("a"));
      assertThat(wired.events).containsExactly("closed slow");
      assertThat(wired.slowConsumers()).isEqualTo(1);
      wired.stuck = false;
      wired.connection.flush();
      wired.channel.releaseOutbound();
    }
  }

  @Test
  void pongsBehindWhatTheSocketHasNotBeenOfferedYetAreNoSlowConsumers() {
    try (var wired = new Wired()) {
      wired.connection.write(Unpooled.wrappedBuffer(new byte[1 + Wired.LIMITS.queueBytes()]));
      wired.read(ping("a"));
      assertThat(wired.events).isEmpty();
      wired.channel.releaseOutbound();
    }
  }

  @Test
  void whoReadsNoneOfWhatTlsAnswersIsCutOff() {
    try (var wired = new Wired()) {
      wired.stuck = true;
      wired.connection.write(Unpooled.wrappedBuffer(new byte[2 * Wired.LIMITS.queueBytes()]));
      int answers = 0;
      while (wired.channel.isActive()) {
        assertThat(++answers).isLessThanOrEqualTo(16);
        var unused =
            wired
                .channel
                .pipeline()
                .firstContext()
                .write(Unpooled.wrappedBuffer(new byte[1 << 10]));
        wired.channel.pipeline().fireChannelReadComplete();
      }
      assertThat(answers).isGreaterThan(8);
      assertThat(wired.events).containsExactly("closed slow");
    }
  }

  @Test
  void boundOfMessagesIsNeverAboveTheConfiguredOne() {
    int most = Wired.LIMITS.maxPayload();
    try (var wired = new Wired()) {
      wired.connection.maxMessage(most + 1);
      wired.read(frame(FIN | BINARY, 16, most + 1, new byte[0]));
      assertThat(wired.sent()).containsExactly("close 1009 message too big");
    }
  }

  @Test
  void pongsCountLikePings() {
    try (var wired = new Wired()) {
      for (int i = 0; i < CONTROL_FRAMES; i++) {
        wired.read(FLOOD_PING, frame(FIN | PONG, new byte[0]));
      }
      assertThat(wired.sent()).hasSize(CONTROL_FRAMES);
      wired.read(frame(FIN | PONG, new byte[0]));
      assertThat(wired.sent()).containsExactly("close 3013 too many requests");
      assertThat(wired.events).hasSize(CONTROL_FRAMES + 1).endsWith("closed too_many_requests");
    }
  }

  @Test
  void controlFramesMayGoOnForEverAtTheirRate() {
    try (var wired = new Wired()) {
      for (int i = 0; i < 100 * CONTROL_FRAMES; i++) {
        wired.nanos += Duration.ofSeconds(1).toNanos() / CONTROL_FRAMES;
        wired.read(FLOOD_PING);
        assertThat(wired.sent()).containsExactly("pong ");
      }
      assertThat(wired.events).isEmpty();
    }
  }

  @Test
  void compressedMessagesAreTakenOnlyWhereThatWasAgreed() {
    byte[] hello = frame(FIN | RSV1 | TEXT, hex("f2 48 cd c9 c9 07 00"));
    try (var plain = new Wired();
        var agreed = new Wired(new Extensions("permessage-deflate", 1 << 15))) {
      plain.read(hello);
      assertThat(plain.events).containsExactly("closed protocol_error");
      assertThat(plain.sent()).containsExactly("close 1002 protocol error");
      assertThat(plain.connection.deflatable()).isZero();
      agreed.read(hello);
      assertThat(agreed.events).containsExactly("text Hello");
      assertThat(agreed.connection.deflatable()).isEqualTo(1 << 15);
    }
  }

  @Test
  void connectionLostInTheMiddleOfAMessageGivesItsInflaterBack() {
    try (var wired = new Wired(new Extensions("permessage-deflate", 1 << 15))) {
      wired.read(frame(RSV1 | TEXT, hex("f2 48")));
      assertThat(wired.inflaters.lent()).isEqualTo(1);
      wired.channel.close().syncUninterruptibly();
      assertThat(wired.inflaters.lent()).isZero();
      assertThat(wired.events).containsExactly("closed lost");
    }
  }

  @Test
  void whoCannotBeToldForWantOfMemoryIsCut() {
    try (var wired = new Wired()) {
      wired.channel.config().setAllocator(new Exhausted());
      wired.connection.close(3001, "shutdown");
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.sent()).isEmpty();
      assertThat(wired.events).isEmpty();
    }
  }

  @Test
  void lossIsToldOnce() {
    try (var wired = new Wired()) {
      wired.channel.pipeline().fireExceptionCaught(new IOException("reset by peer"));
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.events).containsExactly("closed lost");
    }
  }

  @Test
  void endOfTlsIsTheEnd() {
    try (var wired = new Wired()) {
      wired.channel.pipeline().fireUserEventTriggered(SslCloseCompletionEvent.SUCCESS);
      assertThat(wired.channel.isActive()).isFalse();
      assertThat(wired.events).containsExactly("closed lost");
    }
  }

  private static final class Exhausted extends AbstractByteBufAllocator {
    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("as intended");
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
      throw new OutOfMemoryError("as intended");
    }

    @Override
    public boolean isDirectBufferPooled() {
      return false;
    }
  }
}
