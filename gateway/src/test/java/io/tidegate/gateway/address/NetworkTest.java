package io.tidegate.gateway.address;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks and what is in them. */
final class NetworkTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.0.1, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 10.1.2.4, false",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.128/25, 192.0.2.200, true",
    "0.0.0.0/0, 203.0.113.7, true",
    "0.0.0.0/0, ::1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fe80::1, false",
    "::1, ::1, true",
    "10.0.0.0/8, ::ffff:10.0.0.1, true",
    "2001:db8::/32, 2001:db8:ffff::, true",
  })
  void anAddressIsInOrNot(String network, String address, boolean in) {
    assertThat(network(network).contains(address(address))).isEqualTo(in);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/08",
        "10.0.0.1/8",
        "10.0.0/8",
        "fd00::1/8",
        "fd00::/129",
        "localhost",
        "[::1]",
        "fe80::1%eth0",
        "10.0.0.0/8/8",
        " 10.0.0.0/8",
        "*"
      })
  void whatIsNoNetworkIsToldSo(String text) {
    assertThat(Network.parse(text)).isNull();
  }

  @Property
  void aNetworkHoldsWhatBeginsWithItsBits(
      @ForAll @Size(4) byte[] base,
      @ForAll @Size(4) byte[] other,
      @ForAll @IntRange(max = 32) int bits) {
    BigInteger first = new BigInteger(1, base).shiftRight(32 - bits);
    var network = new Network(IpAddresses.of(four(first.shiftLeft(32 - bits))), bits);

    assertThat(network.contains(IpAddresses.of(base))).isTrue();
    assertThat(network.contains(IpAddresses.of(other)))
        .isEqualTo(new BigInteger(1, other).shiftRight(32 - bits).equals(first));
    assertThat(Network.parse(network.toString())).isEqualTo(network);
  }

  private static byte[] four(BigInteger value) {
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[i] = value.shiftRight(Byte.SIZE * (3 - i)).byteValue();
    }
    return bytes;
  }

  private static Network network(String text) {
    return requireNonNull(Network.parse(text));
  }

  private static InetAddress address(String text) {
    return requireNonNull(IpAddresses.parse(text));
  }
}
