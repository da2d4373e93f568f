package io.tidegate.backplane.redis;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.backplane.redis.Call.Kind;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The scripts of a channel as calls. Confined to the node's context. */
final class Channels {
  /** What the scripts' coarse touching may take off a life time, and then some. */
  private static final Duration TOUCH = Duration.ofMinutes(1);

  private final Keys keys;
  private final CommandLink commands;
  private final RandomGenerator random;
  private final BackplaneMetrics metrics;
  private final int presencePerChannel;

  Channels(
      Keys keys,
      CommandLink commands,
      RandomGenerator random,
      BackplaneMetrics metrics,
      int presencePerChannel) {
    this.keys = keys;
    this.commands = commands;
    this.random = random;
    this.metrics = metrics;
    this.presencePerChannel = presencePerChannel;
  }

  Future<PublishResult> publish(PublishRequest request) {
    StreamPolicy policy = request.policy();
    String key = request.idempotencyKey() == null ? "" : request.idempotencyKey();
    return run(
            Script.PUBLISH,
            request.channel(),
            keep(policy),
            key.isEmpty() ? Kind.ONCE : Kind.KEYED,
            policy.historySize(),
            policy.historyTtl().toMillis(),
            key,
            PublicationWire.encode(request))
        .compose(
            answer -> {
              forked(answer.get(3));
              if (answer.get(2).toInteger() == 2) {
                return Future.failedFuture(
                    new BackplaneException(
                        Reason.INDETERMINATE, "the key may have given way to others"));
              }
              var position = new StreamPosition(answer.get(0).toString(), answer.get(1).toLong());
              return Future.succeededFuture(
                  new PublishResult(position, answer.get(2).toInteger() == 1));
            });
  }

  Future<Page> read(String channel, StreamPolicy policy, HistoryQuery query) {
    StreamPosition since = query.since();
    return run(
            Script.READ,
            channel,
            keep(policy),
            Kind.READ,
            policy.historySize(),
            policy.historyTtl().toMillis(),
            since == null ? "" : since.offset(),
            query.limit(),
            query.reverse() ? "reverse" : "forward",
            HistoryPage.BYTES_AT_MOST)
        .map(
            answer -> {
              forked(answer.get(4));
              return Page.read(answer);
            });
  }

  Future<Void> clear(String channel, StreamPolicy policy) {
    return run(Script.CLEAR, channel, keep(policy), Kind.REPEATABLE)
        .onSuccess(answer -> forked(answer.get(0)))
        .mapEmpty();
  }

  /** False when the channel is full. */
  Future<Boolean> enter(String channel, String owner, ClientInfo member, boolean announce) {
    return run(
            Script.ENTER,
            channel,
            keep(StreamPolicy.NO_HISTORY),
            Kind.REPEATABLE,
            owner,
            member.client(),
            announce ? "+" : "-",
            presencePerChannel,
            member.user(),
            MemberWire.json(member).encode())
        .map(
            answer -> {
              forked(answer.get(1));
              return answer.get(0).toInteger() == 1;
            });
  }

  Future<Void> exit(String channel, String owner, String client) {
    return run(Script.EXIT, channel, keep(StreamPolicy.NO_HISTORY), Kind.REPEATABLE, owner, client)
        .onSuccess(answer -> forked(answer.get(1)))
        .mapEmpty();
  }

  /** Removes the owner's entries but those of {@code stays}; answers how many. */
  Future<Integer> reap(String channel, String owner, Collection<String> stays) {
    return run(Script.REAP, channel, keep(StreamPolicy.NO_HISTORY), Kind.REPEATABLE, owner, stays)
        .map(
            answer -> {
              forked(answer.get(1));
              return answer.get(0).toInteger();
            });
  }

  Future<Map<String, ClientInfo>> members(String channel) {
    return commands
        .send(Request.cmd(Command.HVALS).arg(keys.presence(channel)), Kind.READ)
        .map(
            entries -> {
              Map<String, ClientInfo> members = new HashMap<>();
              for (Response entry : entries) {
                ClientInfo member = PresenceEntry.member(entry.toBytes());
                members.put(member.client(), member);
              }
              return Map.copyOf(members);
            });
  }

  Future<PresenceStats> stats(String channel) {
    return run(Script.STATS, channel, Duration.ZERO, Kind.READ)
        .map(answer -> new PresenceStats(answer.get(0).toInteger(), answer.get(1).toInteger()));
  }

  private Future<Response> run(
      Script script, String channel, Duration keep, Kind kind, Object... arguments) {
    List<Object> all = new ArrayList<>(3 + arguments.length);
    all.add(Long.toUnsignedString(random.nextLong(), Character.MAX_RADIX));
    all.add(keep.toMillis());
    all.add(keys.events(channel));
    all.addAll(List.of(arguments));
    return commands.run(script, keys.channel(channel), kind, all.toArray());
  }

  private void forked(Response fork) {
    String cause = fork.toString();
    if (!cause.isEmpty()) {
      metrics.forked(cause);
    }
  }

  private static Duration keep(StreamPolicy policy) {
    return policy.historyTtl().plus(Backplane.POSITION_MARGIN).plus(TOUCH);
  }
}
