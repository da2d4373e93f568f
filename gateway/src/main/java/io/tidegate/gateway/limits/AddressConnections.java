package io.tidegate.gateway.limits;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many connections each address has. IPv6 is counted by /64, because whoever has one address
 * there has all of these. Thread-safe; holds no more entries than there are connections.
 */
public final class AddressConnections {
  private final int most;
  private final ConcurrentHashMap<Block, Integer> counts = new ConcurrentHashMap<>();

  /**
   * Makes a count.
   *
   * @param most connections of one address; 0 for no limit, and then nothing is counted
   */
  public AddressConnections(int most) {
    if (most < 0) {
      throw new IllegalArgumentException("most: " + most + " (expected: >= 0)");
    }
    this.most = most;
  }

  /** Takes a place, which {@link #leave} gives back; whether there was one. */
  public boolean enter(InetAddress address) {
    if (most == 0) {
      return true;
    }
    boolean[] entered = new boolean[1];
    counts.compute(
        Block.of(address),
        (block, count) -> {
          int before = count == null ? 0 : count;
          entered[0] = before < most;
          return entered[0] ? before + 1 : before;
        });
    return entered[0];
  }

  /** Gives a place back. */
  public void leave(InetAddress address) {
    if (most > 0) {
      counts.computeIfPresent(Block.of(address), (block, count) -> count > 1 ? count - 1 : null);
    }
  }

  /** Addresses that have a connection now. */
  public int addresses() {
    return counts.size();
  }

  /** The first 64 bits; an IPv4 address has 32 and is told apart. */
  private record Block(boolean four, long bits) {
    static Block of(InetAddress address) {
      var bytes = ByteBuffer.wrap(address.getAddress());
      return address instanceof Inet4Address
          ? new Block(true, bytes.getInt())
          : new Block(false, bytes.getLong());
    }
  }
}
