package io.tidegate.backplane.redis;

import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.InboxStore;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.ShardAnswer;
import io.tidegate.backplane.inbox.ShardAnswer.Handed;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.redis.Call.Kind;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The inboxes in the store, as a {@link RedisNode} uses them. Thread-safe. */
final class RedisInboxStore implements InboxStore {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

  private final RedisNode node;

  RedisInboxStore(RedisNode node) {
    this.node = node;
  }

  @Override
  public Future<Boolean> append(ShardKey shard, int capacity, Letter letter) {
    ServiceMessage message = letter.message();
    return node.onNode(
        message.data().length(),
        running ->
            running
                .run(
                    Script.APPEND,
                    running.keys().shard(shard.service(), shard.shard()),
                    Kind.ONCE,
                    running.keys().wake(shard.service()),
                    shard.shard(),
                    capacity,
                    ServiceInbox.SHARD_BYTES,
                    message.client().client(),
                    message.expiresMillis(),
                    message.bytes(),
                    LetterWire.encode(letter))
                .map(answer -> answer.toInteger() == 1));
  }

  @Override
  public Future<ShardAnswer> take(ShardKey shard, ShardOp.Take take) {
    List<Object> settled = new ArrayList<>();
    for (ShardOp.Settlement each : take.settled()) {
      settled.add(each.sequence());
      settled.add(each.taken());
      settled.add(each.done() ? 1 : 0);
    }
    return node.onNode(
        0,
        running ->
            running
                .run(
                    Script.TAKE,
                    running.keys().shard(shard.service(), shard.shard()),
                    Kind.REPEATABLE,
                    take.group(),
                    take.node(),
                    take.consumer(),
                    take.number(),
                    take.want(),
                    take.leaseMillis(),
                    ServiceInbox.GROUPS,
                    FIRST_PAUSE.toMillis(),
                    ServiceInbox.LONGEST_PAUSE.toMillis(),
                    take.settled().size(),
                    settled,
                    running.endedNodes())
                .map(RedisInboxStore::taken));
  }

  @Override
  public Future<Void> forget(ShardKey shard, String group) {
    return node.onNode(
        0,
        running ->
            running
                .run(
                    Script.FORGET,
                    running.keys().shard(shard.service(), shard.shard()),
                    Kind.REPEATABLE,
                    group)
                .mapEmpty());
  }

  @Override
  public Future<Void> answer(String nodeId, String messageId, ServiceAnswer answer) {
    return node.onNode(
        answer.data().length(), running -> running.asking().reply(nodeId, messageId, answer));
  }

  private static ShardAnswer taken(Response answer) {
    if (answer.size() == 0) {
      return new ShardAnswer.TooManyGroups();
    }
    List<Handed> letters = new ArrayList<>();
    for (Response letter : answer.get(0)) {
      letters.add(
          new Handed(
              letter.get(0).toLong(),
              letter.get(1).toInteger(),
              LetterWire.decode(letter.get(2).toBytes())));
    }
    long due = answer.get(2).toLong();
    return new ShardAnswer.Taken(
        letters, answer.get(1).toInteger() == 1, due < 0 ? Long.MAX_VALUE : due);
  }
}
