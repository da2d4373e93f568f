package io.tidegate.gateway.hub;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.Encoded;
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
  private volatile @Nullable Form forms;

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

  /** Whether the connection {@code client} published it. */
  public boolean isFrom(String client) {
    ClientInfo info = push instanceof Push.Published p ? p.publication().info() : null;
    return info != null && info.client().equals(client);
  }

  /** The message as {@code protocol} encodes it. */
  public Encoded encoded(ClientProtocol protocol) {
    for (Form form = forms; form != null; form = form.next) {
      if (form.protocol == protocol) {
        return form.message;
      }
    }
    Encoded message = protocol.encode(push);
    forms = new Form(protocol, message, forms);
    return message;
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

  private record Form(ClientProtocol protocol, Encoded message, @Nullable Form next) {}
}
