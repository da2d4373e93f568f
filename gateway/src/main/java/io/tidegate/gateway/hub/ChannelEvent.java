package io.tidegate.gateway.hub;

import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.Push;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a channel, encoded once per protocol however many subscribers and
 * event loops it goes to. Thread-safe: two loops that ask at the same moment may both encode, to
 * equal bytes.
 */
public final class ChannelEvent {
  private static final int OVERHEAD = 128;

  private final Push push;
  private final long offset;
  private volatile @Nullable Encoded encoded;

  ChannelEvent(Push push) {
    this.push = push;
    this.offset = push instanceof Push.Published p ? p.publication().offset() : 0;
  }

  /** The publication's offset; 0 for joins and leaves, which have none. */
  public long offset() {
    return offset;
  }

  /** Whether this is a join or leave. */
  public boolean presence() {
    return offset == 0;
  }

  /** The encoded message, shared: never modify it. */
  public byte[] encoded(ClientProtocol protocol) {
    for (Encoded e = encoded; e != null; e = e.next) {
      if (e.protocol == protocol) {
        return e.bytes;
      }
    }
    byte[] bytes = protocol.encode(push);
    encoded = new Encoded(protocol, bytes, encoded);
    return bytes;
  }

  /** Milliseconds since the Unix epoch at which the store appended it; 0 for joins and leaves. */
  long timeMillis() {
    return push instanceof Push.Published p ? p.publication().timeMillis() : 0;
  }

  /** Bytes that it holds, about, for the bounds of queues. */
  int weight() {
    return OVERHEAD
        + (push instanceof Push.Published p ? p.publication().data().length() : OVERHEAD);
  }

  private static final class Encoded {
    final ClientProtocol protocol;
    final byte[] bytes;
    final @Nullable Encoded next;

    Encoded(ClientProtocol protocol, byte[] bytes, @Nullable Encoded next) {
      this.protocol = protocol;
      this.bytes = bytes;
      this.next = next;
    }
  }
}
