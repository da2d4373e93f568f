package io.tidegate.gateway.api;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the sessions of a node are told, and what they say. */
final class RecordedActions implements NodeActions {
  final List<SessionRequest> requests = new CopyOnWriteArrayList<>();
  final Map<String, Integer> subscribers = new ConcurrentHashMap<>();
  private final NodeStats stats;

  /** What the node fails with, if it does. */
  volatile @Nullable Throwable failure;

  /** What the node waits for before it answers. */
  volatile Future<Void> gate = Future.succeededFuture();

  RecordedActions(NodeStats stats) {
    this.stats = stats;
  }

  /** From now on the node does not answer as it should. */
  void fail() {
    failure = new IllegalStateException("frozen");
  }

  @Override
  public Future<Integer> subscribe(SubscribeRequest request) {
    return record(request);
  }

  @Override
  public Future<Integer> unsubscribe(UnsubscribeRequest request) {
    return record(request);
  }

  @Override
  public Future<Integer> refresh(RefreshRequest request) {
    return record(request);
  }

  @Override
  public Future<Integer> send(SendRequest request) {
    return record(request);
  }

  @Override
  public Future<Integer> disconnect(DisconnectRequest request) {
    return record(request);
  }

  private Future<Integer> record(SessionRequest request) {
    requests.add(request);
    return answer(1);
  }

  @Override
  public Future<NodeStats> stats() {
    return answer(stats);
  }

  @Override
  public Future<Map<String, Integer>> channels(ChannelsQuery query) {
    Map<String, Integer> found =
        subscribers.entrySet().stream()
            .filter(channel -> query.fits(channel.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return found.size() > ChannelsQuery.MAX_NAMES
        ? Future.failedFuture(ChannelsQuery.tooMany())
        : answer(found);
  }

  @Override
  public Future<Map<String, Integer>> subscribers(Collection<String> channels) {
    var found = new TreeMap<>(subscribers);
    found.keySet().retainAll(channels);
    return answer(found);
  }

  private <T> Future<T> answer(T answer) {
    return failure == null ? gate.map(answer) : Future.failedFuture(failure);
  }
}
