package io.tidegate.gateway.wire;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * What inflates the messages of one event loop's connections. Confined to the loop; made on it.
 *
 * <p>An inflater holds some 40 KiB of native memory, and a client makes us need one with a handful
 * of bytes. So only so many messages are inflated while they arrive; others are kept compressed,
 * and inflated when they are complete.
 */
public final class Inflaters {
  /** Messages of one loop that are inflated while they arrive. */
  static final int MOST_PARTIAL = 16;

  private static final int CHUNK = 8 << 10;

  private final Thread loop = Thread.currentThread();
  private final Deque<Inflater> idle = new ArrayDeque<>(MOST_PARTIAL);
  private final byte[] in = new byte[CHUNK];
  private final byte[] out = new byte[CHUNK];
  private int lent;

  /** Where compressed bytes pass through; of no meaning between two calls. */
  byte[] in() {
    return in;
  }

  /** Where inflated bytes pass through; of no meaning between two calls. */
  byte[] out() {
    return out;
  }

  /**
   * An inflater in its first state, which {@link #giveBack} takes back; absent where there are too
   * many messages that are not complete.
   *
   * @param complete whether it will be given back within this call from the socket
   */
  @Nullable Inflater borrow(boolean complete) {
    assert Thread.currentThread() == loop : "Inflaters off their event loop";
    if (!complete && lent >= MOST_PARTIAL) {
      return null;
    }
    lent++;
    Inflater inflater = idle.poll();
    return inflater == null ? new Inflater(true) : inflater;
  }

  void giveBack(Inflater inflater) {
    lent--;
    if (idle.size() < MOST_PARTIAL) {
      inflater.reset();
      idle.push(inflater);
    } else {
      inflater.end();
    }
  }

  /** Inflaters that are not given back. */
  int lent() {
    return lent;
  }
}
