package io.tidegate.gateway.session;

import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.ChannelName;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A session from its connect command to the reply. Confined to the session's loop.
 *
 * <p>First all channels are joined to which the token subscribes the client; then, in one task, the
 * reply goes out, the subscriptions go live, and what the client and backends have asked meanwhile
 * is done in its order. So nothing comes for a channel before the client knows that it has it.
 */
final class Opening {
  private static final Logger log = LoggerFactory.getLogger(Opening.class);

  private final Session session;
  private final SessionNode node;
  private final Promise<Void> done = Promise.promise();

  Opening(Session session) {
    this.session = session;
    this.node = session.loop().node();
  }

  /** Completes when the client has its reply; what has to come behind that waits for it. */
  Future<Void> done() {
    return done.future();
  }

  /** Opens the session; what the client was answered. Fails where the session ended before. */
  Future<Reply> run(Command.Connect connect) {
    return Future.succeededFuture(connect.recover())
        .compose(this::join)
        .map(made -> open(connect.id(), made))
        .recover(e -> refuse(connect.id(), e));
  }

  private Future<Map<String, Reply.Subscribed>> join(Map<String, StreamPosition> recover) {
    Map<String, SubscriptionOptions> wanted = wanted(node, session.identity());
    requireRoom(wanted.size());
    wanted.keySet().forEach(this::requireCarried);
    var made = new HashMap<String, Reply.Subscribed>();
    List<Future<Reply.Subscribed>> joins = new ArrayList<>(wanted.size());
    wanted.forEach(
        (channel, options) ->
            joins.add(
                session
                    .subscriptions()
                    .make(channel, options, recover.get(channel))
                    .onSuccess(reply -> made.put(channel, reply))));
    return Future.all(joins).map(made);
  }

  /**
   * What a client is subscribed to by its token, and its user's own channel where there are such.
   */
  static Map<String, SubscriptionOptions> wanted(SessionNode node, Identity identity) {
    PersonalChannel personal = node.personal();
    String own = personal == null ? null : personal.channelOf(identity.user());
    if (own == null || node.namespaces().check(own) != ChannelName.OK) {
      return identity.subscriptions();
    }
    var all = new HashMap<>(identity.subscriptions());
    all.putIfAbsent(own, SubscriptionOptions.NONE);
    return all;
  }

  private void requireRoom(int channels) {
    int most = node.limits().subscriptions();
    if (channels > most) {
      node.metrics().limitHit("subscriptions");
      throw new Refusal(
          ErrorCode.LIMIT_EXCEEDED,
          "channels of the token: " + channels + " (expected: at most " + most + ")",
          CloseCode.CHANNEL_LIMIT);
    }
  }

  private void requireCarried(String channel) {
    Namespace namespace = ChannelAccess.namespace(node, channel);
    if (!namespace.json() && !session.protocol().carriesBytes()) {
      throw new Refusal(
          ErrorCode.NOT_AVAILABLE,
          "channel: bytes (expected: JSON)",
          CloseCode.INAPPROPRIATE_PROTOCOL);
    }
  }

  private Reply open(long id, Map<String, Reply.Subscribed> made) {
    made.replaceAll(session.subscriptions()::asOfNow);
    session.startLife();
    var reply =
        new Reply.Connected(
            session.client(),
            node.version(),
            session.lifetime().ttlSeconds(),
            null,
            (int) node.heartbeat().interval().toSeconds(),
            true,
            session.client(),
            node.nodeId(),
            made);
    session.answer(id, reply);
    made.keySet().forEach(session.subscriptions()::goLive);
    done.complete();
    closeOlder();
    return reply;
  }

  private void closeOlder() {
    PersonalChannel personal = node.personal();
    boolean single = personal != null && personal.singleConnection();
    if (single && !session.user().isEmpty() && !session.ended()) {
      UserConnection opened = session.loop().users().opened(session, node.clock().millis());
      node.others()
          .closeOlder(opened)
          .onFailure(
              e -> log.warn("older connections may stay connection={}", session.client(), e));
    }
  }

  private Future<Reply> refuse(long id, Throwable failure) {
    Reply.Failed reply = session.loop().commands().failed(session, failure);
    boolean gone = session.ended();
    session.answer(id, reply);
    CloseCode closes = failure instanceof Refusal refusal ? refusal.closes() : null;
    session.end(closes == null ? reply.error().closeCode() : closes);
    done.fail(failure);
    return gone ? Future.failedFuture(failure) : Future.succeededFuture(reply);
  }
}
