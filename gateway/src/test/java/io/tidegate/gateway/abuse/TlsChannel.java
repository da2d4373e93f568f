package io.tidegate.gateway.abuse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * TLS on a socket that does not block, once the handshake is done. What it could not write yet it
 * writes with the next call.
 */
final class TlsChannel implements ByteChannel {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel socket;
  private final SSLEngine engine;
  private final ByteBuffer in;
  private final ByteBuffer out;
  private final ByteBuffer plain;

  private TlsChannel(SocketChannel socket, SSLEngine engine) {
    this.socket = socket;
    this.engine = engine;
    this.in = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    this.out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).flip();
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
  }

  /** Blocks until the handshake on {@code socket}, which blocks, is done. */
  static TlsChannel connect(SocketChannel socket, SSLContext context) throws IOException {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    var tls = new TlsChannel(socket, engine);
    engine.beginHandshake();
    tls.handshake();
    return tls;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    while (!plain.hasRemaining()) {
      SSLEngineResult.Status status = unwrap();
      if (status == SSLEngineResult.Status.CLOSED) {
        return -1;
      }
      if (status == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
        int filled = fill();
        if (filled <= 0) {
          return filled;
        }
      }
    }
    int n = Math.min(plain.remaining(), into.remaining());
    into.put(into.position(), plain, plain.position(), n);
    into.position(into.position() + n);
    plain.position(plain.position() + n);
    return n;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    int before = from.remaining();
    while (flush() && from.hasRemaining() && !engine.isOutboundDone()) {
      wrap(from);
    }
    return before - from.remaining();
  }

  /** Whether nothing is left that was taken and not written. */
  boolean flush() throws IOException {
    socket.write(out);
    return !out.hasRemaining();
  }

  /** Says that no more comes, if the kernel takes it. */
  void closeOutbound() throws IOException {
    engine.closeOutbound();
    if (flush()) {
      wrap(NOTHING);
      socket.write(out);
    }
  }

  @Override
  public boolean isOpen() {
    return socket.isOpen();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void handshake() throws IOException {
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      switch (status) {
        case NEED_WRAP -> {
          wrap(NOTHING);
          socket.write(out);
        }
        case NEED_UNWRAP -> {
          if (unwrap() == SSLEngineResult.Status.BUFFER_UNDERFLOW && fill() < 0) {
            throw new IOException("no TLS handshake");
          }
        }
        case NEED_TASK -> engine.getDelegatedTask().run();
        default -> {
          return;
        }
      }
    }
  }

  private void wrap(ByteBuffer from) throws IOException {
    out.clear();
    engine.wrap(from, out);
    out.flip();
  }

  /** Takes a record, if it is there. */
  private SSLEngineResult.Status unwrap() throws IOException {
    plain.clear();
    SSLEngineResult.Status status = engine.unwrap(in, plain).getStatus();
    plain.flip();
    return status;
  }

  private int fill() throws IOException {
    in.compact();
    int n = socket.read(in);
    in.flip();
    return n;
  }
}
