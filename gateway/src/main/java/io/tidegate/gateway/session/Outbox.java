package io.tidegate.gateway.session;

import io.netty.buffer.ByteBuf;
import io.tidegate.gateway.hub.ChannelBatch;
import io.tidegate.gateway.hub.HubShard;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.Encoded;
import io.tidegate.gateway.protocol.FrameWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What goes out to one connection: replies collected into one frame per pass, pushes as frames
 * shared with other connections, in the order in which they were given, one flush per pass (more
 * where replies are large). Confined to the loop. Bounded: see {@link #full}.
 */
final class Outbox implements Runnable {
  /** Replies collected at most before they go out, pass or no pass. */
  private static final int FRAME_BYTES = 64 << 10;

  private final Connection connection;
  private final ClientProtocol protocol;
  private final HubShard shard;
  private final FrameWriter writer;
  private final DeliveryCounter deliveries;
  private final int queueBytes;
  private List<Encoded> replies = List.of();
  private int replyBytes;
  private boolean touched;

  Outbox(
      Connection connection,
      ClientProtocol protocol,
      HubShard shard,
      FrameWriter writer,
      DeliveryCounter deliveries,
      int queueBytes) {
    this.connection = connection;
    this.protocol = protocol;
    this.shard = shard;
    this.writer = writer;
    this.deliveries = deliveries;
    this.queueBytes = queueBytes;
  }

  /**
   * Whether the client is too slow to be given more. Asked before a message is added, so that one
   * message of any size can always be sent: what waits is bounded by the limit plus one frame.
   */
  boolean full() {
    return (long) connection.pendingBytes() + replyBytes > queueBytes;
  }

  /** Adds a message of its own to this pass. */
  void message(Encoded message) {
    if (replies.isEmpty()) {
      replies = new ArrayList<>(2);
    }
    replies.add(message);
    replyBytes += message.bytes().length;
    touch();
    if (replyBytes >= FRAME_BYTES) {
      // The socket gets its chance to take them before the next one asks whether there is room.
      writeReplies();
      connection.flush();
    }
  }

  /** Adds what a channel brings to this connection alone. */
  void delivery(Encoded message) {
    deliveries.add(1, message.bytes().length);
    message(message);
  }

  /** Adds a ping to this pass: the protocol's own, or WebSocket's where it has none. */
  void ping() {
    Encoded ping = protocol.ping();
    if (ping == null) {
      connection.ping();
      touch();
    } else {
      message(ping);
    }
  }

  /** Adds what a channel brings, in frames shared with other connections. */
  void frames(ChannelBatch batch, boolean presence) {
    ByteBuf frames = batch.frames(protocol, presence, connection.deflatable());
    if (frames != null) {
      writeReplies();
      deliveries.add(batch.messages(presence), frames.readableBytes());
      connection.write(frames.retainedDuplicate());
      touch();
    }
  }

  /** The end of the pass. */
  @Override
  public void run() {
    touched = false;
    writeReplies();
    connection.flush();
  }

  private void writeReplies() {
    if (!replies.isEmpty()) {
      // Where there is no memory for them they wait for the next pass.
      ByteBuf frames = writer.frames(protocol, replies, connection.deflatable());
      replies = List.of();
      replyBytes = 0;
      connection.write(frames);
    }
  }

  private void touch() {
    if (!touched) {
      touched = true;
      shard.touch(this);
    }
  }
}
