package io.tidegate.gateway.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection after its 101, from the client's side. Each step is asserted as it is taken. */
final class Peer implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final boolean deflate;
  private boolean over;

  Peer(Socket socket, InputStream in, boolean deflate) {
    this.socket = socket;
    this.in = in;
    this.deflate = deflate;
  }

  /** Whether permessage-deflate was agreed on. */
  boolean deflates() {
    return deflate;
  }

  /** All frames in one write. */
  Peer send(Frame... frames) throws IOException {
    return send(joined(frames));
  }

  Peer send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** In writes of so many bytes, whatever the frames' borders. */
  Peer sendIn(int bytes, Frame... frames) throws IOException {
    byte[] all = joined(frames);
    for (int from = 0; from < all.length; from += bytes) {
      send(Arrays.copyOfRange(all, from, Math.min(all.length, from + bytes)));
    }
    return this;
  }

  /** No more bytes from here: FIN, with TLS after its close_notify. */
  Peer sendEnd() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** The next frame of the server has this type and payload. */
  Peer hears(Frame expected) throws IOException {
    same(next(), expected);
    return this;
  }

  /**
   * The next frames of the server are these, messages in this order and pongs in this order.
   * Section 5.5.2 has a pong go out as soon as is practical, which may be before what was there to
   * be answered first.
   */
  Peer hearsAll(Frame... expected) throws IOException {
    var messages = new ArrayDeque<Frame>();
    var pongs = new ArrayDeque<Frame>();
    for (Frame frame : expected) {
      (frame.opcode() == Frame.PONG ? pongs : messages).add(frame);
    }
    for (int i = 0; i < expected.length; i++) {
      Received next = next();
      same(next, (next.opcode() == Frame.PONG ? pongs : messages).poll());
    }
    return this;
  }

  /** The next frame of the server, for cases that look closer. */
  Received next() throws IOException {
    Received next = Received.read(in, deflate);
    if (next == null) {
      throw new AssertionError("the server ended the connection (expected: a frame)");
    }
    return next;
  }

  /** The next bytes of the server are these. */
  Peer hearsBytes(byte[] expected) throws IOException {
    assertThat(in.readNBytes(expected.length)).as("bytes").isEqualTo(expected);
    return this;
  }

  /** The server answers our close frame and ends the connection (sections 5.5.1 and 7.1.1). */
  void closes(int code) throws IOException {
    hearsClose(code);
    ends();
  }

  /**
   * The server fails the connection (section 7.1.7): it sends a close frame and ends the connection
   * without waiting for an answer, which it may not read any more.
   */
  void refuses(int code) throws IOException {
    hearsClose(code);
    ends();
  }

  /** The next frame of the server is a close frame with this code; 1005 for one without. */
  Peer hearsClose(int code) throws IOException {
    Received next = next();
    assertThat(next.opcode()).as("opcode of %s", describe(next)).isEqualTo(Frame.CLOSE);
    assertThat(next.closeCode()).as("close code of %s", describe(next)).isEqualTo(code);
    return this;
  }

  /** The server has ended the connection, properly and without another frame. */
  void ends() throws IOException {
    assertThat(in.read()).as("end of the connection").isEqualTo(-1);
    over = true;
  }

  /** Closes where that has not happened yet: nothing else may be under way. */
  void bye() throws IOException {
    if (!over) {
      send(Frame.close(1000)).closes(1000);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static void same(Received actual, @Nullable Frame expected) {
    if (expected == null) {
      throw new AssertionError(describe(actual) + " (expected: none)");
    }
    assertThat(actual.opcode()).as("opcode of %s", describe(actual)).isEqualTo(expected.opcode());
    assertThat(actual.payload()).as("payload").hasSameSizeAs(expected.payload());
    assertThat(Arrays.mismatch(actual.payload(), expected.payload()))
        .as("where the payload differs")
        .isEqualTo(-1);
  }

  private static byte[] joined(Frame... frames) {
    var all = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      all.writeBytes(frame.bytes());
    }
    return all.toByteArray();
  }

  private static String describe(Received frame) {
    return frame.opcode() == Frame.CLOSE
        ? "a close frame with " + frame.closeCode()
        : "a frame of " + frame.payload().length + " bytes, opcode " + frame.opcode();
  }
}
