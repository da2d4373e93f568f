package io.tidegate.gateway.address;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The addresses that begin with the same bits (RFC 4632).
 *
 * @param base its lowest address
 * @param bits how many are the same
 */
public record Network(InetAddress base, int bits) {
  public Network {
    byte[] bytes = base.getAddress();
    int length = bytes.length * Byte.SIZE;
    if (bits < 0 || bits > length) {
      throw new IllegalArgumentException("bits: " + bits + " (expected: 0 to " + length + ")");
    }
    for (int bit = bits; bit < length; bit++) {
      if (isSet(bytes, bit)) {
        throw new IllegalArgumentException(
            "base: "
                + base.getHostAddress()
                + " (expected: no bit set behind the first "
                + bits
                + ")");
      }
    }
  }

  /** {@code 10.0.0.0/8}, {@code fd00::/8}, or an address alone; absent for other text. */
  public static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress base = IpAddresses.parse(slash < 0 ? text : text.substring(0, slash));
    if (base == null) {
      return null;
    }
    String digits = slash < 0 ? "" : text.substring(slash + 1);
    if (slash >= 0 && !digits.matches("0|[1-9][0-9]{0,2}")) {
      return null;
    }
    int bits = slash < 0 ? base.getAddress().length * Byte.SIZE : Integer.parseInt(digits);
    try {
      return new Network(base, bits);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  public boolean contains(InetAddress address) {
    byte[] mine = base.getAddress();
    byte[] other = address.getAddress();
    if (mine.length != other.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      if (isSet(mine, bit) != isSet(other, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSet(byte[] bytes, int bit) {
    return (bytes[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0;
  }

  @Override
  public String toString() {
    return base.getHostAddress() + "/" + bits;
  }
}
