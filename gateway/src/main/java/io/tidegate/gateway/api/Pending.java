package io.tidegate.gateway.api;

/**
 * What requests under way hold together: their number, and bytes of their bodies until they are
 * answered. Confined to one event loop.
 */
final class Pending {
  /** Requests at most. */
  static final int MAX_REQUESTS = 1_024;

  private final int mostBytes;
  private int requests;
  private int bytes;

  Pending(int mostBytes) {
    this.mostBytes = mostBytes;
  }

  /**
   * One more request, which has to {@link #end}; false where there is no room, and nothing done.
   */
  boolean begin() {
    if (requests >= MAX_REQUESTS) {
      return false;
    }
    requests++;
    return true;
  }

  /** More bytes of one of them; false where there is no room, and nothing done. */
  boolean hold(int more) {
    if (more > mostBytes - bytes) {
      return false;
    }
    bytes += more;
    return true;
  }

  /** The end of a request that held so many bytes. */
  void end(int held) {
    requests--;
    bytes -= held;
  }
}
