package io.tidegate.gateway.session;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.Encoded;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.RawProtocol;
import io.tidegate.gateway.protocol.Reply;
import io.tidegate.gateway.service.ServiceCaller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;

/**
 * What a session on a raw route does by itself, and with its frames. Confined to the session's
 * loop.
 *
 * <p>First all channels are joined; then, in one task, the welcome goes out, the subscriptions go
 * live, and the frames that came meanwhile are taken in their order. So who has been welcomed
 * misses nothing from there on, and who publishes at once is subscribed to what comes of it.
 */
final class RawFrames {
  private final Session session;
  private final SessionNode node;
  private final ChannelCommands channels;
  private final RawUse use;
  private final Promise<Void> live = Promise.promise();

  /** The last message to the service: the next one follows when it has been taken. */
  private Future<Reply> sent = Future.succeededFuture(Reply.Empty.PUBLISHED);

  RawFrames(Session session, SessionNode node, ChannelCommands channels, RawUse use) {
    this.session = session;
    this.node = node;
    this.channels = channels;
    this.use = use;
  }

  void open() {
    List<Future<Void>> joined = use.subscribe().stream().map(this::join).toList();
    Future.all(joined)
        .onSuccess(all -> goLive())
        .onFailure(
            e -> {
              session.fail(e);
              live.fail(e);
            });
  }

  /** Completes when the client has been welcomed, and what it is to have is live. */
  Future<Void> live() {
    return live.future();
  }

  boolean sparesSender() {
    return use.route().excludeSender();
  }

  Future<Reply> take(Command.Frame frame) {
    return live.future().compose(opened -> handle(frame));
  }

  private Future<Void> join(String channel) {
    var command = new Command.Subscribe(0, channel, null, null, false, false, false, null, false);
    return Future.succeededFuture(command).compose(session.subscriptions()::subscribe).mapEmpty();
  }

  private void goLive() {
    String welcome = use.route().welcome();
    if (welcome != null && !session.ended()) {
      session.outbox().message(new Encoded(Payload.utf8(welcome).bytes(), true));
    }
    use.subscribe().forEach(session.subscriptions()::goLive);
    live.complete();
  }

  private Future<Reply> handle(Command.Frame frame) {
    if (session.ended()) {
      throw Refusal.sessionEnded();
    }
    RawRoute route = use.route();
    if (route.echo()) {
      return echo(frame);
    } else if (use.publish() != null) {
      return publish(use.publish(), frame);
    } else if (route.service() != null) {
      return send(node.services().named(route.service()), frame);
    }
    throw new Refusal(ErrorCode.NOT_AVAILABLE, "frame: the route takes none");
  }

  private Future<Reply> echo(Command.Frame frame) {
    if (!session.closeIfSlow()) {
      session.outbox().message(new Encoded(frame.data().bytes(), frame.text()));
    }
    return Future.succeededFuture(Reply.Empty.PUBLISHED);
  }

  private Future<Reply> publish(String channel, Command.Frame frame) {
    boolean text = frame.text() && !ChannelAccess.namespace(node, channel).json();
    return channels.publish(
        session, channel, "frame", frame.data(), text ? RawProtocol.TEXT_FRAME : Map.of());
  }

  /** One at a time, so that the service gets them in order; none behind one that failed. */
  private Future<Reply> send(ServiceCaller service, Command.Frame frame) {
    sent =
        sent.compose(
            before ->
                service
                    .frame(use.route().name(), frame.data(), frame.text(), session.info())
                    .map(RawFrames::taken));
    return sent;
  }

  private static Reply taken(ServiceAnswer answer) {
    if (answer.isError()) {
      throw new Refusal(ErrorCode.NOT_AVAILABLE, "service error " + answer.code());
    }
    return Reply.Empty.PUBLISHED;
  }
}
