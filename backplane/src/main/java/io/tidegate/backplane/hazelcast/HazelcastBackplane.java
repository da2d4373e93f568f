package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;

/** The streams, as seen from one node. Thread-safe. */
final class HazelcastBackplane implements Backplane {
  private static final int PUBLICATION_OVERHEAD = 256;

  private final HazelcastNode node;

  HazelcastBackplane(HazelcastNode node) {
    this.node = node;
  }

  @Override
  public Future<PublishResult> publish(PublishRequest request) {
    return node.ask(
        request.channel(),
        Asked.Kind.PUBLISH,
        new Command.Publish(request),
        null,
        request.data().length() + PUBLICATION_OVERHEAD,
        (answer, outcome) -> {
          boolean isDuplicate = outcome instanceof Outcome.Duplicate;
          long offset =
              outcome instanceof Outcome.Duplicate known
                  ? known.offset()
                  : ((Outcome.Appended) outcome).offset();
          return new PublishResult(new StreamPosition(answer.epoch(), offset), isDuplicate);
        });
  }

  @Override
  public Future<StreamPosition> join(String channel, StreamPolicy policy) {
    return node.ask(
        channel,
        Asked.Kind.JOIN,
        null,
        policy,
        0,
        (answer, outcome) -> ((Outcome.Standing) outcome).top().position());
  }

  @Override
  public Future<Void> leave(String channel) {
    return node.ask(channel, Asked.Kind.LEAVE, null, null, 0, HazelcastPresence::nothing);
  }

  @Override
  public Future<HistoryPage> history(String channel, StreamPolicy policy, HistoryQuery query) {
    return node.run(channel, new ReadHistory(policy, query), Reason.UNAVAILABLE, page -> page);
  }

  @Override
  public Future<Void> removeHistory(String channel, StreamPolicy policy) {
    return node.run(channel, new RemoveHistory(policy), Reason.INDETERMINATE, done -> done)
        .mapEmpty();
  }
}
