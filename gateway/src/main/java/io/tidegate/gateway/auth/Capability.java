package io.tidegate.gateway.auth;

import java.util.List;
import java.util.Set;

/** What a token grants in some channels. */
public record Capability(List<ChannelPattern> channels, Set<Right> rights) {
  public Capability {
    channels = List.copyOf(channels);
    rights = Set.copyOf(rights);
  }

  boolean covers(String channel) {
    for (ChannelPattern pattern : channels) {
      if (pattern.matches(channel)) {
        return true;
      }
    }
    return false;
  }
}
