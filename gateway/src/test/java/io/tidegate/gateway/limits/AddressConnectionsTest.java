package io.tidegate.gateway.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Connections by address. */
final class AddressConnectionsTest {
  @Test
  void anAddressHasSoManyAndNoMore() {
    var connections = new AddressConnections(2);

    assertThat(connections.enter(address("203.0.113.7"))).isTrue();
    assertThat(connections.enter(address("203.0.113.7"))).isTrue();
    assertThat(connections.enter(address("203.0.113.7"))).isFalse();
    assertThat(connections.enter(address("203.0.113.8"))).isTrue();

    connections.leave(address("203.0.113.7"));
    assertThat(connections.enter(address("203.0.113.7"))).isTrue();
    assertThat(connections.enter(address("203.0.113.7"))).isFalse();
  }

  @Test
  void oneNetworkOf64BitsIsOneAddress() {
    var connections = new AddressConnections(1);

    assertThat(connections.enter(address("2001:db8:0:1::1"))).isTrue();
    assertThat(connections.enter(address("2001:db8:0:1:ffff::2"))).isFalse();
    assertThat(connections.enter(address("2001:db8:0:2::1"))).isTrue();
  }

  @Test
  void nothingIsKeptOfAddressesWithoutConnections() {
    var connections = new AddressConnections(1);
    for (String text : List.of("203.0.113.7", "203.0.113.8", "::1")) {
      assertThat(connections.enter(address(text))).isTrue();
      assertThat(connections.enter(address(text))).isFalse();
      connections.leave(address(text));
    }

    assertThat(connections.addresses()).isZero();
  }

  @Test
  void withoutALimitNothingIsCounted() {
    var connections = new AddressConnections(0);

    assertThat(connections.enter(address("203.0.113.7"))).isTrue();
    assertThat(connections.enter(address("203.0.113.7"))).isTrue();
    assertThat(connections.addresses()).isZero();
  }

  @Test
  void threadsThatRaceShareThePlacesExactly() {
    int most = 5;
    var connections = new AddressConnections(most);
    var inside = new AtomicInteger();
    var highest = new AtomicInteger();
    var threads =
        IntStream.range(0, 4)
            .mapToObj(
                thread ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int i = 0; i < 20_000; i++) {
                            if (connections.enter(address("203.0.113.7"))) {
                              highest.accumulateAndGet(inside.incrementAndGet(), Math::max);
                              inside.decrementAndGet();
                              connections.leave(address("203.0.113.7"));
                            }
                          }
                        }))
            .toList();
    threads.forEach(CompletableFuture::join);

    assertThat(highest.get()).isBetween(1, most);
    assertThat(connections.addresses()).isZero();
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
