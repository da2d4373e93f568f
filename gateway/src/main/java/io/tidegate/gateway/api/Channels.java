package io.tidegate.gateway.api;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ChannelName;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.ErrorCode;

/** From a channel's name to its rules, or to the error that says what is wrong with it. */
final class Channels {
  private final Namespaces namespaces;
  private final Metrics metrics;

  Channels(Namespaces namespaces, Metrics metrics) {
    this.namespaces = namespaces;
    this.metrics = metrics;
  }

  /** The rules of {@code channel}, which {@code caller} may use. */
  Namespace require(ApiCaller caller, String channel) {
    ChannelName verdict = namespaces.check(channel);
    if (verdict == ChannelName.TOO_LONG) {
      metrics.limitHit("channel_length");
    }
    if (verdict != ChannelName.OK) {
      throw ApiException.badRequest("channel", namespaces.expected(verdict, channel));
    }
    if (!caller.mayUse(channel)) {
      throw new ApiException(ErrorCode.PERMISSION_DENIED, "the key is not for this channel");
    }
    Namespace namespace = namespaces.find(channel);
    if (namespace == null) {
      throw new ApiException(ErrorCode.UNKNOWN_CHANNEL, "its namespace is not configured");
    }
    return namespace;
  }
}
