package io.tidegate.gateway.auth;

import java.util.List;
import java.util.Set;

/**
 * Who calls the server API, and what it may do there.
 *
 * @param name in metrics: the key's, or one of the gateway's own
 * @param methods names of methods; {@link #ANY} for all
 * @param channels in which channels, where a method is about one
 */
public record ApiCaller(String name, Set<String> methods, List<ChannelPattern> channels) {
  /** Stands for every method, and as a pattern for every channel. */
  public static final String ANY = "*";

  public ApiCaller {
    methods = Set.copyOf(methods);
    channels = List.copyOf(channels);
  }

  /** A caller who may do everything. */
  public static ApiCaller unrestricted(String name) {
    return new ApiCaller(name, Set.of(ANY), List.of(new ChannelPattern(ANY)));
  }

  public boolean mayCall(String method) {
    return methods.contains(ANY) || methods.contains(method);
  }

  public boolean mayUse(String channel) {
    return channels.stream().anyMatch(pattern -> pattern.matches(channel));
  }
}
