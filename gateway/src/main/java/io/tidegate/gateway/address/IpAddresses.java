package io.tidegate.gateway.address;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses as text, without ever asking a name server. */
public final class IpAddresses {
  /** The longest is {@code ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255}. */
  private static final int LONGEST = 45;

  private IpAddresses() {}

  /**
   * An IPv4 address, or an IPv6 address without brackets and without a zone; absent for other text.
   * One that maps IPv4 into IPv6 is the IPv4 address.
   */
  public static @Nullable InetAddress parse(String text) {
    if (text.length() > LONGEST || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    return bytes == null ? null : of(bytes);
  }

  /** The address of 4 or 16 bytes. */
  static InetAddress of(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("bytes: " + bytes.length + " (expected: 4 or 16)", e);
    }
  }
}
