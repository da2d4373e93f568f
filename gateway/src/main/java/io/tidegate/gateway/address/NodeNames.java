package io.tidegate.gateway.address;

import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The name of a node (RFC 7239 section 6): an address with or without a port, or neither. */
final class NodeNames {
  private static final String PORT = "(?::(?:[0-9]{1,5}|_[A-Za-z0-9._-]+))?";
  private static final Pattern FOUR = Pattern.compile("([0-9.]+)" + PORT);
  private static final Pattern BRACKETS = Pattern.compile("\\[([0-9A-Fa-f:.]+)]" + PORT);
  private static final Pattern NOBODY = Pattern.compile("(?i:unknown|_[a-z0-9._-]+)" + PORT);

  private NodeNames() {}

  /**
   * Reads a name. IPv6 without brackets is taken as an address without a port, as {@code
   * X-Forwarded-For} has it.
   */
  static Hop hop(String name, @Nullable Boolean https) {
    InetAddress address = address(name);
    if (address != null) {
      return new Hop.Known(address, https);
    }
    return NOBODY.matcher(name).matches() ? new Hop.Unidentified() : new Hop.Malformed();
  }

  private static @Nullable InetAddress address(String name) {
    Matcher four = FOUR.matcher(name);
    if (four.matches()) {
      return IpAddresses.parse(four.group(1));
    }
    Matcher six = BRACKETS.matcher(name);
    return IpAddresses.parse(six.matches() ? six.group(1) : name);
  }
}
