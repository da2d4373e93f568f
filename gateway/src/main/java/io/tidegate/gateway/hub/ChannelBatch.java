package io.tidegate.gateway.hub;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tidegate.gateway.protocol.ClientProtocol;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one pass of an event loop brings to one channel: joined into one frame per protocol, which
 * all subscribers share by reference. Confined to the loop; valid during {@link Subscriber#deliver}
 * only.
 */
public final class ChannelBatch {
  private final String epoch;
  private final List<ChannelEvent> events = new ArrayList<>(4);
  private final List<Frame> frames = new ArrayList<>(2);
  private int presenceEvents;
  private int weight;

  ChannelBatch(String epoch) {
    this.epoch = epoch;
  }

  void add(ChannelEvent event) {
    events.add(event);
    weight += event.weight();
    if (event.presence()) {
      presenceEvents++;
    }
  }

  int weight() {
    return weight;
  }

  /** The epoch of the publications' offsets. */
  public String epoch() {
    return epoch;
  }

  /** In channel order. */
  public List<ChannelEvent> events() {
    return events;
  }

  /** The lowest offset of the batch's publications; {@link Long#MAX_VALUE} when it has none. */
  public long firstOffset() {
    for (ChannelEvent event : events) {
      if (!event.presence()) {
        return event.offset();
      }
    }
    return Long.MAX_VALUE;
  }

  /**
   * The batch as one frame, shared by all that ask alike. The batch keeps its reference: retain it
   * to keep it.
   *
   * @param presence whether joins and leaves are in it
   * @return absent when nothing is left to say
   */
  public @Nullable ByteBuf frame(ClientProtocol protocol, boolean presence) {
    boolean all = presence || presenceEvents == 0;
    if (!all && presenceEvents == events.size()) {
      return null;
    }
    for (Frame frame : frames) {
      if (frame.protocol == protocol && frame.all == all) {
        return frame.bytes;
      }
    }
    List<byte[]> messages = new ArrayList<>(events.size());
    for (ChannelEvent event : events) {
      if (all || !event.presence()) {
        messages.add(event.encoded(protocol));
      }
    }
    byte[] joined = protocol.join(messages);
    ByteBuf bytes = ByteBufAllocator.DEFAULT.directBuffer(joined.length).writeBytes(joined);
    frames.add(new Frame(protocol, all, bytes));
    return bytes;
  }

  void release() {
    for (Frame frame : frames) {
      frame.bytes.release();
    }
    frames.clear();
  }

  private record Frame(ClientProtocol protocol, boolean all, ByteBuf bytes) {}
}
