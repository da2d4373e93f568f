package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.SubscriptionGrant;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;

/**
 * What subscription tokens grant to a session. One that is of somebody or something else closes the
 * connection: a client that mixes up tokens would go on doing so. Confined to the event loop.
 */
final class TokenGrants {
  private final SessionNode node;

  TokenGrants(SessionNode node) {
    this.node = node;
  }

  /** What {@code token} says of a subscription that {@code session} asks for. */
  Future<SubscriptionOptions> granted(Session session, String channel, String token) {
    return node.subscriptionTokens()
        .verify(token)
        .recover(e -> Future.failedFuture(notGranted(e)))
        .map(grant -> optionsOf(grant, session, channel));
  }

  /** Puts a newer token in the place of the one that a subscription was made with. */
  Future<Reply> refresh(Session session, Command.SubRefresh command) {
    String channel = command.channel();
    Subscription subscription = session.subscriptions().find(channel);
    if (subscription == null) {
      throw new Refusal(ErrorCode.PERMISSION_DENIED, "sub_refresh: not subscribed");
    }
    Granted granted = subscription.granted();
    if (granted == null || subscription.serverSide()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "sub_refresh: subscribed without a token");
    }
    return node.subscriptionTokens()
        .verify(command.token())
        .recover(e -> Future.failedFuture(notRefreshed(e)))
        .map(
            grant -> {
              SubscriptionOptions options = optionsOf(grant, session, channel);
              subscription.requireWanted();
              granted.expiresAt(options.expiresAtMillis());
              return new Reply.SubRefreshed(granted.ttlSeconds());
            });
  }

  private static SubscriptionOptions optionsOf(
      SubscriptionGrant grant, Session session, String channel) {
    boolean fits =
        grant.channel().equals(channel)
            && grant.user().equals(session.user())
            && (grant.client() == null || grant.client().equals(session.client()));
    if (!fits) {
      throw closing("token: of another channel, user or client");
    }
    return grant.options();
  }

  private static Throwable notGranted(Throwable failure) {
    if (failure instanceof AuthException auth) {
      return isOver(auth)
          ? new Refusal(ErrorCode.TOKEN_EXPIRED, "")
          : new Refusal(ErrorCode.PERMISSION_DENIED, "token: " + auth.reason().label());
    }
    return failure;
  }

  private static Throwable notRefreshed(Throwable failure) {
    if (failure instanceof AuthException auth) {
      return isOver(auth)
          ? new Refusal(ErrorCode.EXPIRED, "")
          : closing("token: " + auth.reason().label());
    }
    return failure;
  }

  private static boolean isOver(AuthException failure) {
    return failure.reason() == AuthException.Reason.TOKEN_EXPIRED;
  }

  private static Refusal closing(String detail) {
    return new Refusal(ErrorCode.UNAUTHORIZED, detail, CloseCode.INVALID_TOKEN);
  }
}
