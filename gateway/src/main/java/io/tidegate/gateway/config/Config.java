package io.tidegate.gateway.config;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.api.ApiSettings;
import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.edge.DrainSettings;
import io.tidegate.gateway.edge.ListenSettings;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.ops.OpsSettings;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.session.HeartbeatSettings;
import io.tidegate.gateway.session.OutboundSettings;
import io.tidegate.gateway.session.RawRoute;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is configured, checked. Each part belongs to the package that is led by it.
 *
 * @param nodeName what people call this node; not unique by itself
 * @param namespaces the first, without a name, holds the rules of channels without a namespace
 * @param personal absent where users have no channels of their own
 */
public record Config(
    String nodeName,
    ListenSettings listen,
    ApiSettings internal,
    OpsSettings ops,
    AuthSettings auth,
    List<Namespace> namespaces,
    @Nullable PersonalChannel personal,
    SessionLimits limits,
    HeartbeatSettings heartbeat,
    OutboundSettings outbound,
    DrainSettings drain,
    BackplaneSettings backplane,
    ServicesSettings services,
    List<RawRoute> raw) {
  public Config {
    requireNonNull(nodeName, "nodeName");
    namespaces = List.copyOf(namespaces);
    raw = List.copyOf(raw);
    if (namespaces.isEmpty() || !namespaces.get(0).name().isEmpty()) {
      throw new IllegalArgumentException("namespaces: (expected: the defaults first)");
    }
  }
}
