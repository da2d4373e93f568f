package io.tidegate.gateway.wire;

import java.util.Locale;

/** Why a connection was closed before its first byte of TLS or HTTP was read. */
public enum ProxyRefusal {
  /** A PROXY header from a peer that is no trusted proxy. */
  STRANGER,
  /** A trusted proxy began with something else. */
  MISSING,
  /** A trusted proxy's header is no header, is too long, or tells of datagrams. */
  MALFORMED;

  /** The name in logs and metrics. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
