package io.tidegate.gateway.session;

import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import java.util.List;

/**
 * One subscription on its way from the position of a client that comes back to being live. Confined
 * to the session's loop.
 */
final class Recovery {
  /** Reads of history at most, where the node misses something meanwhile. */
  private static final int READS = 3;

  private final SessionLoop loop;
  private final Subscription subscription;
  private final StreamPosition since;
  private final boolean orFail;

  /**
   * Makes one.
   *
   * @param orFail whether the client wants an error rather than a subscription with a hole in front
   */
  Recovery(SessionLoop loop, Subscription subscription, StreamPosition since, boolean orFail) {
    this.loop = loop;
    this.subscription = subscription;
    this.since = since;
    this.orFail = orFail;
  }

  /** Goes on; {@code base} is where the node stands, and what comes behind it is held. */
  Future<Reply.Subscribed> run(StreamPosition base) {
    return read(base, READS);
  }

  private Future<Reply.Subscribed> read(StreamPosition base, int reads) {
    boolean newest = subscription.namespace().newestOnly();
    var query =
        newest ? new HistoryQuery(null, 1, true) : new HistoryQuery(since, HistoryQuery.ALL, false);
    return loop.node()
        .backplane()
        .history(subscription.channel(), subscription.namespace().stream(), query)
        .compose(
            page -> {
              subscription.requireWanted();
              if (!subscription.gapWhilePending() || reads == 1) {
                return Future.succeededFuture(started(newest ? newest(page) : page, base));
              }
              // The node missed something, or heard too much to hold: history may still have it.
              StreamPosition anew = loop.shard().position(subscription.channel());
              subscription.holdAnew();
              return read(anew, reads - 1);
            });
  }

  /**
   * The newest publication alone continues any position; where it is not kept any more, only that
   * of a client which has it does. Who has it is not given it again.
   */
  private HistoryPage newest(HistoryPage page) {
    StreamPosition top = page.top();
    List<Publication> kept = page.publications();
    if (since.equals(top)) {
      return new HistoryPage(top, List.of(), Continuity.CONTINUOUS);
    }
    boolean isTop = !kept.isEmpty() && kept.get(0).offset() == top.offset();
    return isTop ? page : new HistoryPage(top, List.of(), Continuity.TRIMMED);
  }

  /**
   * All or nothing: recovered only if the page continues the client's position, holds all up to its
   * top and reaches ours, and if nothing that is held belongs to a branch that the page does not
   * know.
   */
  private Reply.Subscribed started(HistoryPage page, StreamPosition base) {
    StreamPosition heard = loop.shard().position(subscription.channel());
    boolean oneBranch =
        heard.epoch().equals(page.top().epoch()) || heard.offset() <= page.top().offset();
    List<Publication> missed = page.publications();
    long reached = missed.isEmpty() ? since.offset() : missed.get(missed.size() - 1).offset();
    boolean whole =
        page.continuity() == Continuity.CONTINUOUS
            && reached == page.top().offset()
            && oneBranch
            && page.top().offset() >= base.offset()
            && !subscription.gapWhilePending();
    if (!whole) {
      return failed(subscription.gapWhilePending() ? heard : base);
    }
    count(missed.isEmpty() ? Metrics.Recovery.NONE_MISSED : Metrics.Recovery.RECOVERED);
    return subscription.startAt(page.top(), true, true, missed);
  }

  private Reply.Subscribed failed(StreamPosition start) {
    count(Metrics.Recovery.UNRECOVERABLE);
    if (orFail) {
      throw new Refusal(ErrorCode.UNRECOVERABLE_POSITION, "");
    }
    return subscription.startAt(start, true, false, List.of());
  }

  private void count(Metrics.Recovery outcome) {
    loop.node().metrics().recovery(outcome);
  }
}
