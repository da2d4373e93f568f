package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Publication;
import io.tidegate.gateway.protocol.Push;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rules a channel follows, and who may do what in it. Immutable.
 *
 * <p>A name is {@code NAMESPACE:REST}, or {@code REST} alone for the defaults. One that begins with
 * {@code $} is private: it follows the rules of the name behind it, and none may subscribe but by a
 * token.
 */
public final class Namespaces {
  /** Begins the users of a channel's name. */
  private static final char USERS = '#';

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

  /** The name of the namespace that {@code channel} says it belongs to; empty for none. */
  public static String nameOf(String channel) {
    int colon = channel.indexOf(':');
    return colon < 0 ? "" : channel.substring(isPrivate(channel) ? 1 : 0, colon);
  }

  private static boolean isPrivate(String channel) {
    return channel.startsWith("$");
  }

  /** Whether {@code channel} can be a channel's name; to be asked before anything else. */
  public ChannelName check(String channel) {
    ChannelName form = ChannelName.check(channel, maxChannelBytes);
    if (form != ChannelName.OK) {
      return form;
    }
    ChannelPattern names = names(channel);
    return names == null || names.matches(rest(channel))
        ? ChannelName.OK
        : ChannelName.OTHER_PATTERN;
  }

  /**
   * What {@code channel}, of which {@link #check} said {@code verdict}, has to be; for messages.
   */
  public String expected(ChannelName verdict, String channel) {
    return verdict == ChannelName.OTHER_PATTERN
        ? verdict.expected() + ": " + names(channel)
        : verdict.expected();
  }

  private @Nullable ChannelPattern names(String channel) {
    Namespace namespace = find(channel);
    return namespace == null ? null : namespace.names();
  }

  private static String rest(String channel) {
    int colon = channel.indexOf(':');
    return channel.substring(colon < 0 && isPrivate(channel) ? 1 : colon + 1);
  }

  /** The rules of {@code channel}; absent where its namespace is not configured. */
  public @Nullable Namespace find(String channel) {
    return channel.indexOf(':') < 0 ? defaults : byName.get(nameOf(channel));
  }

  /** A publication as the channel's rules have it told. */
  public Push published(String channel, Publication publication) {
    Namespace namespace = find(channel);
    return new Push.Published(
        channel,
        publication,
        namespace != null && namespace.tellsOffsets(),
        namespace != null && namespace.json());
  }

  /**
   * Whether a client has {@code right} where the namespace gives it to {@code allowed}. Nobody and
   * services are no clients, so alone they allow none.
   *
   * <p>To a private channel a client may subscribe by its token's grant only; to one that names its
   * users, these users only, and those whose token names the channel.
   *
   * @param subscribed whether the client is subscribed to {@code channel} now
   */
  public boolean allows(
      Set<Who> allowed, Right right, Identity identity, String channel, boolean subscribed) {
    if (right == Right.SUBSCRIBE && isPrivate(channel)) {
      return identity.grants(right, channel);
    }
    if (right == Right.SUBSCRIBE && namesUsers(channel)) {
      return isNamed(identity.user(), channel) || identity.subscriptions().containsKey(channel);
    }
    return allowed.contains(Who.ANYONE)
        || (allowed.contains(Who.AUTHENTICATED) && !identity.anonymous())
        || (allowed.contains(Who.SUBSCRIBER) && subscribed)
        || (allowed.contains(Who.TOKEN) && identity.grants(right, channel));
  }

  private boolean namesUsers(String channel) {
    Namespace namespace = find(channel);
    return namespace != null && namespace.userLimited() && channel.indexOf(USERS) >= 0;
  }

  private static boolean isNamed(String user, String channel) {
    String users = channel.substring(channel.lastIndexOf(USERS) + 1);
    return !user.isEmpty() && List.of(users.split(",")).contains(user);
  }
}
