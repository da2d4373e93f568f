package io.tidegate.gateway;

import io.tidegate.gateway.api.ApiException;
import io.tidegate.gateway.api.ChannelsQuery;
import io.tidegate.gateway.api.DisconnectRequest;
import io.tidegate.gateway.api.NodeActions;
import io.tidegate.gateway.api.NodeStats;
import io.tidegate.gateway.api.RefreshRequest;
import io.tidegate.gateway.api.SendRequest;
import io.tidegate.gateway.api.SubscribeRequest;
import io.tidegate.gateway.api.Target;
import io.tidegate.gateway.api.UnsubscribeRequest;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.session.Refusal;
import io.tidegate.gateway.session.Session;
import io.tidegate.gateway.session.SessionDirectory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;

/** What the server API asks of a node, answered by its sessions. Thread-safe. */
final class SessionActions implements NodeActions {
  private final WorkerExecutor walks;
  private final SessionDirectory sessions;
  private final Hub hub;

  SessionActions(Vertx vertx, SessionDirectory sessions, Hub hub) {
    // One walk at a time, on a thread of its own: others, such as the page of the metrics, have to
    // go on whatever is asked.
    this.walks = vertx.createSharedWorkerExecutor("channel-names", 1);
    this.sessions = sessions;
    this.hub = hub;
  }

  /** Ends its thread. */
  Future<Void> close() {
    return walks.close();
  }

  @Override
  public Future<Integer> subscribe(SubscribeRequest request) {
    return each(
        request.target(),
        session -> session.subscribe(request.channel(), request.options(), request.since()));
  }

  @Override
  public Future<Integer> unsubscribe(UnsubscribeRequest request) {
    return each(
        request.target(),
        session ->
            Future.succeededFuture(session.unsubscribe(request.channel(), UnsubscribeCode.SERVER)));
  }

  @Override
  public Future<Integer> refresh(RefreshRequest request) {
    return each(
        request.target(),
        session -> {
          if (request.expired()) {
            session.end(CloseCode.EXPIRED);
          } else {
            session.refresh(request.expiresAtMillis());
          }
          return Future.succeededFuture();
        });
  }

  @Override
  public Future<Integer> send(SendRequest request) {
    return each(
        request.target(),
        session -> {
          session.tell(request.data());
          return Future.succeededFuture();
        });
  }

  private Future<Integer> each(Target target, Function<Session, Future<?>> action) {
    return sessions
        .each(session -> target.fits(session.user(), session.client()), action)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof Refusal refusal
                        ? new ApiException(refusal.error(), refusal.detail())
                        : failure));
  }

  @Override
  public Future<Integer> disconnect(DisconnectRequest request) {
    return sessions.each(
        session -> request.fits(session.user(), session.client()),
        session -> {
          session.disconnect(request.code(), request.reason());
          return Future.succeededFuture();
        });
  }

  @Override
  public Future<NodeStats> stats() {
    return sessions
        .count()
        .map(
            count ->
                new NodeStats(
                    count.clients(), count.users(), hub.channels(), sessions.subscriptions()));
  }

  // Names are searched on a worker: of a million that takes longer than an event loop has.
  @Override
  public Future<Map<String, Integer>> channels(ChannelsQuery query) {
    return walks
        .executeBlocking(() -> hub.names(query::fits, ChannelsQuery.MAX_NAMES + 1), false)
        .compose(
            names ->
                names.size() > ChannelsQuery.MAX_NAMES
                    ? Future.failedFuture(ChannelsQuery.tooMany())
                    : sessions.subscribers(names));
  }

  @Override
  public Future<Map<String, Integer>> subscribers(Collection<String> channels) {
    return sessions.subscribers(channels);
  }
}
