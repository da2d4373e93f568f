package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.Moment;
import io.tidegate.backplane.inbox.ShardKey;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A node's way to the owner of a shard that does not answer, or not to everything. */
final class ShardLinksTest {
  private static final ShardKey SHARD = new ShardKey("service", 0);
  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong();
  private final ShardState owner = new ShardState();
  private boolean readsBranches;
  private final ShardLinks links =
      new ShardLinks(
          (shard, op, answer) -> {
            boolean isRead = readsBranches || !(op instanceof ShardOp.Absorb);
            answer.accept(
                isRead ? new ShardReply(owner.apply(op, new Moment(0, node -> false))) : null);
          },
          (shard, nodes) -> {},
          "node",
          now::get,
          attempt -> 0);

  @Test
  void branchThatTheOwnerCannotReadHoldsItsShardUpForAMinuteOnly() {
    links.bringOver(Map.of(SHARD, branch()));
    Future<Boolean> early = append("early");
    pass(8);
    assertThat(early.failed()).isTrue();
    pass(52);
    assertThat(links.isQuiet()).isTrue();
    assertThat(append("late").result()).isTrue();
    assertThat(held()).containsExactly("late");
  }

  @Test
  void branchIsBroughtOverBeforeWhatCameLater() {
    links.bringOver(Map.of(SHARD, branch()));
    Future<Boolean> append = append("later");
    readsBranches = true;
    pass(1);
    assertThat(append.result()).isTrue();
    assertThat(held()).containsExactly("branch", "later");
  }

  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      now.addAndGet(SECOND);
      links.tick();
    }
  }

  private Future<Boolean> append(String id) {
    Promise<Boolean> promise = Promise.promise();
    links.append(SHARD, 10, letter(id), promise, () -> {});
    return promise.future();
  }

  private List<String> held() {
    return owner.content().items().values().stream()
        .map(item -> item.letter().message().id())
        .toList();
  }

  private static ShardState branch() {
    var branch = new ShardState();
    var append = new ShardOp.Append("other", 1, 10, List.of(letter("branch")));
    assertThat(branch.apply(append, new Moment(0, node -> false))).isNotNull();
    return branch;
  }

  private static Letter letter(String id) {
    var client = new ClientInfo("client", "user", null, null);
    return new Letter(
        new ServiceMessage(id, ServiceMessage.Kind.SEND, "", Payload.EMPTY, client, 1, 0), "");
  }
}
