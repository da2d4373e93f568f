package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.vertx.core.Future;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Replaces a session's token by a newer one of the same user, with the subscriptions that it makes.
 * Confined to its event loop.
 */
final class Renewal {
  private final SessionNode node;

  Renewal(SessionNode node) {
    this.node = node;
  }

  Future<Reply> refresh(Session session, Command.Refresh command) {
    return node.authenticator()
        .authenticate(command.token())
        .<Reply>map(newer -> renew(session, newer))
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof AuthException auth ? refusal(session, auth.reason()) : e));
  }

  private Reply renew(Session session, Identity newer) {
    if (session.ended()) {
      throw Refusal.sessionEnded();
    }
    if (!newer.user().equals(session.user())) {
      throw unauthorized("token: of another user");
    }
    Identity older = session.identity();
    @Nullable Long ttlSeconds = session.renewed(newer);
    resubscribe(session, Opening.wanted(node, older), Opening.wanted(node, newer));
    return new Reply.Refreshed(session.client(), node.version(), ttlSeconds);
  }

  /** Of the channels that both tokens name, nothing changes. */
  private static void resubscribe(
      Session session,
      Map<String, SubscriptionOptions> older,
      Map<String, SubscriptionOptions> newer) {
    for (String channel : older.keySet()) {
      Subscription subscription = session.subscriptions().find(channel);
      if (!newer.containsKey(channel) && subscription != null && subscription.serverSide()) {
        session.unsubscribe(subscription, UnsubscribeCode.SERVER);
      }
    }
    newer.forEach(
        (channel, options) -> {
          if (!older.containsKey(channel)) {
            Future.succeededFuture(channel)
                .compose(added -> session.subscribe(added, options, null))
                .onFailure(e -> endUnlessUnwanted(session, e));
          }
        });
  }

  /** A channel that somebody took away again while it was joined is not missing. */
  private static void endUnlessUnwanted(Session session, Throwable failure) {
    if (!Refusal.isUnsubscribed(failure)) {
      session.fail(failure);
    }
  }

  /**
   * With an expired token a client that comes back fetches a newer one, which an answer would keep
   * it from; with a bad one it stops.
   */
  private static Refusal refusal(Session session, AuthException.Reason reason) {
    if (reason != AuthException.Reason.TOKEN_EXPIRED) {
      return unauthorized(reason.label());
    }
    session.end(CloseCode.EXPIRED);
    return new Refusal(ErrorCode.TOKEN_EXPIRED, "");
  }

  private static Refusal unauthorized(String detail) {
    return new Refusal(ErrorCode.UNAUTHORIZED, detail, CloseCode.INVALID_TOKEN);
  }
}
