package io.tidegate.gateway.address;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** What one proxy tells of whom it got the request from. */
sealed interface Hop {
  /**
   * An address.
   *
   * @param https whether the proxy was reached by TLS; absent where it does not say
   */
  record Known(InetAddress address, @Nullable Boolean https) implements Hop {}

  /** Nobody that can be told from others: {@code unknown}, or a name of the proxy's own making. */
  record Unidentified() implements Hop {}

  /** No statement at all. */
  record Malformed() implements Hop {}
}
