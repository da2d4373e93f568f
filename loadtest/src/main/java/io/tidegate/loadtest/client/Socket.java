package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A client's WebSocket. Netty's own would make several objects of each frame and cost more than
 * everything else that the tester does. Confined to its event loop, except for the methods that say
 * otherwise.
 */
final class Socket extends SimpleChannelInboundHandler<ByteBuf> implements FrameReader.Sink {
  private static final int NORMAL_CLOSURE = 1000;
  private static final String HEAD_END = "\r\n\r\n";

  private final Handshake handshake;
  private final FrameReader frames;
  private final Owner owner;
  private final SplittableRandom chance;
  private boolean open;
  private boolean flushing;
  // What came of the answer to the request.
  private final StringBuilder head = new StringBuilder();
  private volatile @Nullable ChannelHandlerContext context;

  /** Who is told. {@link #over} is told again when more goes wrong, and may come at any time. */
  interface Owner {
    void opened();

    void message(byte[] bytes, int from, int to);

    void over(String reason);
  }

  /** A socket that sends its request once it is connected. */
  Socket(Handshake handshake, FrameReader.Scratch scratch, SplittableRandom chance, Owner owner) {
    this.handshake = handshake;
    this.chance = chance;
    this.owner = owner;
    frames = new FrameReader(scratch, this);
  }

  /**
   * Runs on the event loop, at once where this is it. From any thread; false while there is no
   * connection.
   */
  boolean execute(Runnable task) {
    ChannelHandlerContext at = context;
    if (at == null) {
      return false;
    }
    if (at.executor().inEventLoop()) {
      task.run();
    } else {
      at.executor().execute(task);
    }
    return true;
  }

  void send(String message, boolean binary) {
    send(binary ? Frames.BINARY : Frames.TEXT, message.getBytes(UTF_8));
  }

  /** Closes with a close frame, which the server answers. From any thread. */
  void close() {
    boolean unused = execute(() -> send(Frames.CLOSE, Frames.close(NORMAL_CLOSURE)));
  }

  /** Drops the connection where it is. From any thread. */
  void drop(String reason) {
    owner.over(reason);
    ChannelHandlerContext at = context;
    if (at != null) {
      at.close().addListener(closed -> owner.over(reason));
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext at) {
    byte[] request = handshake.request();
    // What cannot be written comes back as an exception of the pipeline.
    var unused =
        at.writeAndFlush(
            at.alloc().directBuffer(request.length).writeBytes(request), at.voidPromise());
  }

  @Override
  protected void channelRead0(ChannelHandlerContext at, ByteBuf in) {
    if (open || upgraded(in)) {
      frames.read(in);
    }
  }

  private boolean upgraded(ByteBuf in) {
    while (in.isReadable() && head.length() < Handshake.ANSWER_AT_MOST) {
      head.append((char) (in.readByte() & 0xff));
      int length = head.length();
      if (length >= HEAD_END.length() && head.indexOf(HEAD_END, length - HEAD_END.length()) >= 0) {
        handshake.check(head.substring(0, length - HEAD_END.length()));
        head.setLength(0);
        head.trimToSize();
        open = true;
        owner.opened();
        return true;
      }
    }
    if (in.isReadable()) {
      throw new ClientException("upgrade: an answer without end");
    }
    return false;
  }

  @Override
  public void message(byte[] bytes, int from, int to) {
    owner.message(bytes, from, to);
  }

  @Override
  public void pinged(byte[] payload) {
    send(Frames.PONG, payload);
  }

  @Override
  public void closed(int code, String reason) {
    ChannelHandlerContext at = context;
    owner.over(("closed " + code + " " + reason).strip());
    if (at != null) {
      at.close().addListener(closed -> owner.over("connection closed"));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext at) {
    owner.over(open ? "connection lost" : "upgrade: connection lost");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext at, Throwable cause) {
    drop(ClientException.kind(cause));
  }

  // What is sent within one pass of the event loop leaves with one call to the system.
  private void send(int opcode, byte[] payload) {
    ChannelHandlerContext at = context;
    if (at == null) {
      return;
    }
    var unused =
        at.write(Frames.of(opcode, payload, chance.nextInt(), at.alloc()), at.voidPromise());
    if (!flushing) {
      flushing = true;
      at.executor()
          .execute(
              () -> {
                flushing = false;
                at.flush();
              });
    }
  }
}
