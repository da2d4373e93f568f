package io.tidegate.gateway.address;

import io.tidegate.gateway.address.Client.Problem;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the client behind proxies. A header is read only where the peer is a trusted proxy, from
 * the right; trusted hops are skipped, and the first other one is the client: what stands further
 * left is its own claim.
 */
public final class ClientAddresses {
  private final List<Network> trusted;

  /**
   * Makes the rule.
   *
   * @param trusted networks of the proxies
   */
  public ClientAddresses(List<Network> trusted) {
    this.trusted = List.copyOf(trusted);
  }

  /** Whether {@code address} is a trusted proxy's. */
  public boolean isProxy(InetAddress address) {
    return trusted.stream().anyMatch(network -> network.contains(address));
  }

  /**
   * Judges a request. Lines of a header are in the order received.
   *
   * @param peer who holds the other end of the connection, after the PROXY protocol; absent where
   *     it is gone
   */
  public Client find(
      @Nullable InetAddress peer,
      List<String> forwarded,
      List<String> forwardedFor,
      List<String> forwardedProto) {
    if (peer == null) {
      return new Client(null, false, false, null);
    }
    boolean told = !forwarded.isEmpty() || !forwardedFor.isEmpty();
    if (!isProxy(peer)) {
      return new Client(peer, false, false, told ? Problem.STRANGER : null);
    }
    Walk last = walk(peer, ForwardedHeader.ofAddresses(forwardedFor));
    if (!forwarded.isEmpty()) {
      Walk other = walk(peer, ForwardedHeader.ofElements(forwarded));
      if (!forwardedFor.isEmpty() && !other.address.equals(last.address)) {
        return new Client(peer, true, false, Problem.CONFLICTING);
      }
      last = other;
    }
    Boolean https = last.https != null ? last.https : ForwardedHeader.isHttps(forwardedProto);
    return new Client(
        last.address, isProxy(last.address), Objects.equals(https, true), last.problem);
  }

  private Walk walk(InetAddress peer, Iterator<Hop> hops) {
    var walk = new Walk(peer, null, null);
    while (hops.hasNext() && isProxy(walk.address)) {
      Hop hop = hops.next();
      if (hop instanceof Hop.Known known) {
        walk = new Walk(known.address(), known.https(), null);
      } else {
        Problem problem = hop instanceof Hop.Malformed ? Problem.MALFORMED : Problem.UNIDENTIFIED;
        return new Walk(walk.address, walk.https, problem);
      }
    }
    return walk;
  }

  /** How far the hops were followed. */
  private record Walk(InetAddress address, @Nullable Boolean https, @Nullable Problem problem) {}
}
