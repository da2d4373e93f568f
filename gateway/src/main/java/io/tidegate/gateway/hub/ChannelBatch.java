package io.tidegate.gateway.hub;

import io.netty.buffer.ByteBuf;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.Encoded;
import io.tidegate.gateway.protocol.FrameWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one pass of an event loop brings to one channel: joined into one frame per protocol, which
 * all subscribers share by reference. Confined to the loop; valid during {@link Subscriber#deliver}
 * only.
 */
public final class ChannelBatch {
  private final FrameWriter writer;
  private final String epoch;
  private final List<ChannelEvent> events = new ArrayList<>(4);
  private final List<Shared> shared = new ArrayList<>(2);
  private int presenceEvents;
  private int weight;

  ChannelBatch(FrameWriter writer, String epoch) {
    this.writer = writer;
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

  /** How many messages {@link #frames} holds. */
  public int messages(boolean presence) {
    return presence ? events.size() : events.size() - presenceEvents;
  }

  /**
   * The batch on the wire, shared by all that ask alike. The batch keeps its reference: retain it
   * to keep it.
   *
   * @param presence whether joins and leaves are in it
   * @param deflatable as {@link FrameWriter#frames} takes it
   * @return absent when nothing is left to say
   */
  public @Nullable ByteBuf frames(ClientProtocol protocol, boolean presence, int deflatable) {
    boolean all = presence || presenceEvents == 0;
    if (!all && presenceEvents == events.size()) {
      return null;
    }
    for (int i = 0; i < shared.size(); i++) {
      Shared known = shared.get(i);
      if (known.protocol == protocol && known.all == all && known.serves(deflatable)) {
        return known.frames;
      }
    }
    List<Encoded> messages = new ArrayList<>(events.size());
    byte[] separator = protocol.separator();
    int between = separator == null ? 0 : separator.length;
    int length = -between;
    for (ChannelEvent event : events) {
      if (all || !event.presence()) {
        Encoded message = event.encoded(protocol);
        messages.add(message);
        length += message.bytes().length + between;
      }
    }
    ByteBuf frames = writer.frames(protocol, messages, deflatable);
    shared.add(new Shared(protocol, all, separator != null, length, deflatable, frames));
    return frames;
  }

  void release() {
    for (Shared known : shared) {
      known.frames.release();
    }
    shared.clear();
  }

  private record Shared(
      ClientProtocol protocol,
      boolean all,
      boolean joined,
      int length,
      int deflatable,
      ByteBuf frames) {
    /** Receivers differ in whether they take a message compressed, whatever their bounds are. */
    boolean serves(int other) {
      boolean fits = length <= deflatable;
      return other == deflatable || ((fits || joined) && fits == (length <= other));
    }
  }
}
