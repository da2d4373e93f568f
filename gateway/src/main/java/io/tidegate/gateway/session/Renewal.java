package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;

/** Replaces a session's token by a newer one of the same user. Confined to its event loop. */
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
                    e instanceof AuthException auth
                        ? endedWith(session, closeCode(auth.reason()), auth.reason().label())
                        : e));
  }

  private Reply renew(Session session, Identity newer) {
    if (session.ended()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "the session has ended");
    }
    if (!newer.user().equals(session.user())) {
      throw endedWith(session, CloseCode.INVALID_TOKEN, "token: of another user");
    }
    return new Reply.Refreshed(session.client(), node.version(), session.renewed(newer));
  }

  private static Refusal endedWith(Session session, CloseCode code, String detail) {
    session.end(code);
    return new Refusal(ErrorCode.UNAUTHORIZED, detail);
  }

  /**
   * With an expired token a client that comes back fetches a newer one; with a bad one it stops.
   */
  private static CloseCode closeCode(AuthException.Reason reason) {
    return reason == AuthException.Reason.TOKEN_EXPIRED
        ? CloseCode.EXPIRED
        : CloseCode.INVALID_TOKEN;
  }
}
