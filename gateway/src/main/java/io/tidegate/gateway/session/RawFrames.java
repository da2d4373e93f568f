package io.tidegate.gateway.session;

import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.Encoded;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;

/** What a session on a raw route does with its frames. Confined to the session's loop. */
final class RawFrames {
  private final Session session;
  private final RawUse use;

  RawFrames(Session session, RawUse use) {
    this.session = session;
    this.use = use;
  }

  Future<Reply> take(Command.Frame frame) {
    if (use.route().echo()) {
      return echo(frame);
    }
    throw new Refusal(ErrorCode.NOT_AVAILABLE, "frame: the route takes none");
  }

  private Future<Reply> echo(Command.Frame frame) {
    if (!session.closeIfSlow()) {
      session.outbox().message(new Encoded(frame.data().bytes(), frame.text()));
    }
    return Future.succeededFuture(Reply.Empty.PUBLISHED);
  }
}
