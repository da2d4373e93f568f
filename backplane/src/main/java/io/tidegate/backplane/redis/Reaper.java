package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.redis.Call.Kind;
import io.tidegate.backplane.redis.LeaseKeeper.Ended;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the presence entries of owners whose lease ended. The living node with the lowest id does
 * it: at once, and once more when nothing can come from that owner any more. An entry is removed,
 * and its leave told, by one script, so two reapers do no harm. Confined to the node's context.
 */
final class Reaper {
  private static final Logger log = LoggerFactory.getLogger(Reaper.class);
  private static final int PAGE = 16;

  private final String nodeId;
  private final Keys keys;
  private final CommandLink commands;
  private final Channels channels;
  private final BackplaneMetrics metrics;
  private final Set<String> reaped = new HashSet<>();
  private final ArrayDeque<Ended> due = new ArrayDeque<>();
  private boolean busy;
  private boolean closed;

  Reaper(
      String nodeId, Keys keys, CommandLink commands, Channels channels, BackplaneMetrics metrics) {
    this.nodeId = nodeId;
    this.keys = keys;
    this.commands = commands;
    this.channels = channels;
    this.metrics = metrics;
  }

  /** Takes what a renewal showed. */
  void owners(List<String> living, List<Ended> ended) {
    reaped.retainAll(ended.stream().map(Ended::owner).toList());
    if (closed || busy || living.isEmpty() || !Collections.min(living).equals(nodeId)) {
      return;
    }
    for (Ended each : ended) {
      if (each.due() || !reaped.contains(each.owner())) {
        due.add(each);
      }
    }
    next();
  }

  void close() {
    closed = true;
    due.clear();
  }

  private void next() {
    Ended owner = due.poll();
    busy = owner != null;
    if (owner == null) {
      return;
    }
    reap(owner.owner(), "0", 0)
        .compose(count -> owner.due() ? forget(owner.owner()).map(count) : told(count))
        .onSuccess(
            count -> {
              reaped.add(owner.owner());
              if (count > 0) {
                log.info("presence reaped owner={} entries={}", owner.owner(), count);
                metrics.reaped(count);
              }
            })
        .onFailure(failure -> log.debug("owner not reaped, tried again", failure))
        .onComplete(done -> next());
  }

  private static Future<Integer> told(int count) {
    return Future.succeededFuture(count);
  }

  /** Page after page of the channels noted under {@code owner}. */
  private Future<Integer> reap(String owner, String cursor, int before) {
    if (closed) {
      return Future.failedFuture("the node closes");
    }
    Request scan =
        Request.cmd(Command.SSCAN).arg(keys.attended(owner)).arg(cursor).arg("COUNT").arg(PAGE);
    return commands
        .send(scan, Kind.READ)
        .compose(
            page -> {
              List<Future<Integer>> reaps = new ArrayList<>();
              for (Response channel : page.get(1)) {
                reaps.add(channels.reap(channel.toString(), owner, List.of()));
              }
              String next = page.get(0).toString();
              return Future.all(reaps)
                  .map(all -> before + all.<Integer>list().stream().mapToInt(n -> n).sum())
                  .compose(
                      sum ->
                          next.equals("0") ? Future.succeededFuture(sum) : reap(owner, next, sum));
            });
  }

  private Future<Response> forget(String owner) {
    return commands
        .send(Request.cmd(Command.DEL).arg(keys.attended(owner)), Kind.REPEATABLE)
        .compose(
            deleted ->
                commands.send(
                    Request.cmd(Command.HDEL).arg(keys.ended()).arg(owner), Kind.REPEATABLE));
  }
}
