package io.tidegate.gateway.api;

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

  Namespace require(String channel) {
    ChannelName verdict = namespaces.check(channel);
    if (verdict == ChannelName.TOO_LONG) {
      metrics.limitHit("channel_length");
    }
    if (verdict != ChannelName.OK) {
      throw ApiException.badRequest("channel", verdict.expected());
    }
    Namespace namespace = namespaces.find(channel);
    if (namespace == null) {
      throw new ApiException(ErrorCode.UNKNOWN_CHANNEL, "its namespace is not configured");
    }
    return namespace;
  }
}
