package io.tidegate.gateway.abuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** One socket of a {@link Crowd}. Driven by the crowd's thread; read by any. */
final class Attacker {
  final Answers answers = new Answers();

  private final ByteChannel socket;
  private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
  private ByteBuffer dripping = ByteBuffer.allocate(0);
  private boolean deaf;
  private volatile boolean broken;
  private volatile boolean sent = true;
  private volatile boolean ended;
  private volatile int dripped;

  Attacker(ByteChannel socket) {
    this.socket = socket;
  }

  /** All that was to be sent is with the kernel, or never will be. */
  boolean sent() {
    return sent || broken;
  }

  boolean ended() {
    return ended;
  }

  /**
   * How it went: the status that refused it, or the close code, {@code cut} where the end came
   * without a word, {@code open} where there is none yet.
   */
  String outcome() {
    int status = answers.status();
    String told = status == 101 || status == 0 ? code() : Integer.toString(status);
    return ended ? told : "open";
  }

  private String code() {
    return answers.closeCode() == 0 ? "cut" : Integer.toString(answers.closeCode());
  }

  void send(byte[] bytes, int times) {
    sent = false;
    for (int i = 0; i < times; i++) {
      unsent.add(ByteBuffer.wrap(bytes));
    }
    write();
  }

  /** A byte of it at each {@link #tick}. */
  void drip(byte[] bytes) {
    dripping = ByteBuffer.wrap(bytes);
  }

  /** So many bytes have dripped, or there is nowhere to drip to. */
  boolean dripped(int bytes) {
    return broken || ended || dripped >= bytes;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
  void tick() {
    if (dripping.hasRemaining()) {
      send(new byte[] {dripping.get()}, 1);
      dripped++;
    }
  }

  void deaf(boolean now) {
    deaf = now;
  }

  /** What it waits for. */
  int interest() {
    return (deaf ? 0 : SelectionKey.OP_READ) | (sent() ? 0 : SelectionKey.OP_WRITE);
  }

  void write() {
    try {
      while (!broken && !unsent.isEmpty()) {
        socket.write(unsent.element());
        if (unsent.element().hasRemaining()) {
          return;
        }
        unsent.remove();
      }
      sent = flushed();
    } catch (IOException e) {
      // The node has ended it; what it said before is still to be read.
      broken = true;
    }
  }

  void read(ByteBuffer buffer) {
    try {
      int n;
      do {
        buffer.clear();
        n = socket.read(buffer);
        answers.read(buffer.flip());
      } while (n > 0);
      if (n < 0) {
        end();
      }
    } catch (IOException e) {
      end();
    }
  }

  /** Says that it sends no more, by TLS or without it by TCP. */
  void endOutput() {
    try {
      if (socket instanceof TlsChannel tls) {
        tls.closeOutbound();
      } else if (socket instanceof SocketChannel tcp) {
        tcp.shutdownOutput();
      }
    } catch (IOException e) {
      broken = true;
    }
  }

  private boolean flushed() throws IOException {
    return !(socket instanceof TlsChannel tls) || tls.flush();
  }

  private void end() {
    ended = true;
    close();
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
