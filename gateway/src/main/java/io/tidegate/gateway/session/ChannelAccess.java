package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.ChannelName;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Right;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.protocol.ErrorCode;
import java.util.Set;

/** Whether a session may do something with a channel; every refusal has its code. */
final class ChannelAccess {
  private ChannelAccess() {}

  /**
   * The rules of a channel; refuses names that are malformed, too long, not as their namespace
   * wants them, or of no namespace.
   */
  static Namespace namespace(SessionNode node, String channel) {
    ChannelName name = node.namespaces().check(channel);
    if (name != ChannelName.OK) {
      if (name == ChannelName.TOO_LONG) {
        node.metrics().limitHit("channel_length");
      }
      throw new Refusal(
          ErrorCode.BAD_REQUEST,
          "channel: (expected: " + node.namespaces().expected(name, channel) + ")");
    }
    Namespace namespace = node.namespaces().find(channel);
    if (namespace == null) {
      throw new Refusal(ErrorCode.UNKNOWN_CHANNEL, "");
    }
    return namespace;
  }

  static void require(
      SessionNode node, Set<Who> who, Right right, Session session, String channel) {
    boolean subscribed = session.subscriptions().contains(channel);
    if (!node.namespaces().allows(who, right, session.identity(), channel, subscribed)) {
      throw new Refusal(ErrorCode.PERMISSION_DENIED, right.action());
    }
  }
}
