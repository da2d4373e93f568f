package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Publication;
import io.tidegate.gateway.protocol.Push;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which rules a channel follows, and who may do what in it. */
public final class Namespaces {
  private final Namespace defaults;
  private final Map<String, Namespace> byName;
  private final int maxChannelBytes;

  /**
   * Takes the configured namespaces.
   *
   * @param defaults the rules of channels without a colon
   * @param named the others, by the name before the first colon
   */
  public Namespaces(Namespace defaults, Collection<Namespace> named, int maxChannelBytes) {
    this.defaults = requireNonNull(defaults, "defaults");
    this.maxChannelBytes = maxChannelBytes;
    var map = new HashMap<String, Namespace>();
    for (Namespace namespace : named) {
      String name = namespace.name();
      if (name.isEmpty() || name.indexOf(':') >= 0 || map.put(name, namespace) != null) {
        throw new IllegalArgumentException(
            "namespaces: '" + name + "' (expected: unique, not empty, without a colon)");
      }
    }
    this.byName = Map.copyOf(map);
  }

  /** Whether {@code channel} can be a channel's name; to be asked before anything else. */
  public ChannelName check(String channel) {
    return ChannelName.check(channel, maxChannelBytes);
  }

  /** The rules of {@code channel}; absent where its namespace is not configured. */
  public @Nullable Namespace find(String channel) {
    int colon = channel.indexOf(':');
    return colon < 0 ? defaults : byName.get(channel.substring(0, colon));
  }

  /** A publication as the channel's rules have it told. */
  public Push published(String channel, Publication publication) {
    Namespace namespace = find(channel);
    return new Push.Published(
        channel,
        publication,
        namespace != null && namespace.learnsPositions(),
        namespace != null && namespace.json());
  }

  /**
   * Whether a client has {@code right} where the namespace gives it to {@code allowed}. Nobody and
   * services are no clients, so alone they allow none.
   *
   * @param subscribed whether the client is subscribed to {@code channel} now
   */
  public boolean allows(
      Set<Who> allowed, Right right, Identity identity, String channel, boolean subscribed) {
    return allowed.contains(Who.ANYONE)
        || (allowed.contains(Who.AUTHENTICATED) && !identity.anonymous())
        || (allowed.contains(Who.SUBSCRIBER) && subscribed)
        || (allowed.contains(Who.TOKEN) && identity.grants(right, channel));
  }
}
