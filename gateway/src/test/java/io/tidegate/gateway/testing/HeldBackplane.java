package io.tidegate.gateway.testing;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A backplane that answers when the test does, so that a test can take every order of events. */
public final class HeldBackplane implements Backplane {
  /** What was asked, such as {@code join news}. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  public final List<Promise<StreamPosition>> joins = new ArrayList<>();
  public final List<Promise<Void>> leaves = new ArrayList<>();
  public final List<Promise<HistoryPage>> reads = new ArrayList<>();

  @Override
  public Future<PublishResult> publish(PublishRequest request) {
    throw new UnsupportedOperationException("publish");
  }

  @Override
  public Future<StreamPosition> join(String channel, StreamPolicy policy) {
    return hold("join " + channel, joins);
  }

  @Override
  public Future<Void> leave(String channel) {
    return hold("leave " + channel, leaves);
  }

  @Override
  public Future<HistoryPage> history(String channel, StreamPolicy policy, HistoryQuery query) {
    return hold("history " + channel, reads);
  }

  @Override
  public Future<Void> removeHistory(String channel, StreamPolicy policy) {
    throw new UnsupportedOperationException("removeHistory");
  }

  private <T> Future<T> hold(String question, List<Promise<T>> held) {
    Promise<T> promise = Promise.promise();
    held.add(promise);
    asked.add(question);
    return promise.future();
  }
}
