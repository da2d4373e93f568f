package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * The channel of one user alone, to which each of the user's connections is subscribed from its
 * start: {@code #42}, or {@code NAMESPACE:#42}.
 *
 * @param namespace empty for channels without one
 * @param singleConnection whether a new connection of a user ends the user's older ones
 */
public record PersonalChannel(String namespace, boolean singleConnection) {
  public PersonalChannel {
    requireNonNull(namespace, "namespace");
  }

  /**
   * The channel of {@code user}; absent for an anonymous client, and for users whose name would be
   * read as that of others there, or as that of another namespace. Whether it can be a channel's
   * name at all is not judged.
   */
  public @Nullable String channelOf(String user) {
    if (user.isEmpty() || user.indexOf('#') >= 0 || user.indexOf(',') >= 0) {
      return null;
    }
    String channel = namespace.isEmpty() ? "#" + user : namespace + ":#" + user;
    return Namespaces.nameOf(channel).equals(namespace) ? channel : null;
  }
}
