package io.tidegate.gateway.address;

import java.net.InetAddress;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is, as far as it can be believed.
 *
 * @param address the client's; a proxy's where nothing better is known; absent where the connection
 *     is gone already
 * @param proxy whether the address is a trusted proxy's, so that it tells nothing of the client
 * @param https whether a trusted proxy says that the client came by TLS
 * @param problem what was wrong with the headers; absent for nothing
 */
public record Client(
    @Nullable InetAddress address, boolean proxy, boolean https, @Nullable Problem problem) {
  /** Why a forwarded header was not believed, or not all of it. */
  public enum Problem {
    /** The peer is no trusted proxy. */
    STRANGER,
    /** A hop that had to be read is no address. */
    MALFORMED,
    /** A trusted proxy does not tell its client's address. */
    UNIDENTIFIED,
    /** The two kinds of header name different clients; which of them is forged, nobody can say. */
    CONFLICTING;

    /** The name in metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** For logs. */
  @Override
  public String toString() {
    return address == null ? "?" : address.getHostAddress();
  }
}
