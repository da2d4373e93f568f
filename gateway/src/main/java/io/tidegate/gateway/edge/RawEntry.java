package io.tidegate.gateway.edge;

import io.tidegate.gateway.auth.ChannelName;
import io.tidegate.gateway.auth.ChannelTemplate;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.Right;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.session.RawRoute;
import io.tidegate.gateway.session.RawUse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which channels a raw route has for one client, and whether the client has the rights to them: the
 * same as for a client with a protocol, but asked before the 101, since later nothing can be
 * answered any more.
 */
final class RawEntry {
  private final Namespaces namespaces;
  private final Function<String, List<String>> query;
  private final Identity identity;

  RawEntry(Namespaces namespaces, Function<String, List<String>> query, Identity identity) {
    this.namespaces = namespaces;
    this.query = query;
    this.identity = identity;
  }

  /** The route for this client; throws {@link RefusedException}. */
  RawUse into(RawRoute route) {
    Set<String> subscribe = new LinkedHashSet<>();
    for (ChannelTemplate template : route.subscribe()) {
      String channel = resolve(template);
      require(namespace(channel).subscribe(), Right.SUBSCRIBE, channel, false);
      subscribe.add(channel);
    }
    return new RawUse(route, List.copyOf(subscribe), publish(route.publish(), subscribe));
  }

  private @Nullable String publish(@Nullable ChannelTemplate template, Set<String> subscribed) {
    if (template == null) {
      return null;
    }
    String channel = resolve(template);
    require(namespace(channel).publish(), Right.PUBLISH, channel, subscribed.contains(channel));
    return channel;
  }

  private String resolve(ChannelTemplate template) {
    String channel = template.resolve(query, identity);
    if (channel == null || namespaces.check(channel) != ChannelName.OK) {
      throw new RefusedException(Refused.BAD_CHANNEL_VALUE);
    }
    return channel;
  }

  private Namespace namespace(String channel) {
    Namespace namespace = namespaces.find(channel);
    if (namespace == null) {
      throw new RefusedException(Refused.CHANNEL_NOT_ALLOWED);
    }
    return namespace;
  }

  private void require(Set<Who> allowed, Right right, String channel, boolean subscribed) {
    if (!namespaces.allows(allowed, right, identity, channel, subscribed)) {
      throw new RefusedException(Refused.CHANNEL_NOT_ALLOWED);
    }
  }
}
