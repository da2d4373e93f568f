package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.internal.serialization.SerializationService;
import com.hazelcast.map.EntryProcessor;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.Mark;
import io.tidegate.backplane.inbox.Moment;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Backups of a service's shard, of which one step may miss them. */
final class RunShardOpTest {
  private static final SerializationService WIRE = GridWire.service();

  private final Map.Entry<String, ShardState> owner = new SimpleEntry<>("s/0", new ShardState());
  private final Map.Entry<String, ShardState> backup = new SimpleEntry<>("s/0", new ShardState());

  @Test
  void repeatedAppendGivesItsLettersToABackupThatMissedIt() {
    ShardOp append = append(1, "a");
    assertThat(run(append)).isNotNull();

    follow(run(append));

    assertThat(ids(backup)).containsExactlyElementsOf(ids(owner)).hasSize(1);
  }

  @Test
  void backupThatMissedAStepNumbersTheNextOnesAsItsOwner() {
    follow(run(append(1, "a")));
    assertThat(run(append(2, "b"))).isNotNull();
    follow(run(append(3, "c")));

    assertThat(backup.getValue().content().items().keySet()).containsExactly(1L, 3L);
    assertThat(owner.getValue().content().items().keySet()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void repeatedTakeGivesItsMarksToABackupThatMissedThem() {
    follow(run(append(1, "a")));
    follow(run(append(2, "b")));
    follow(run(take(1)));
    ShardOp.Take missed = take(2, new ShardOp.Settlement(1, 1, true));
    assertThat(run(missed)).isNotNull();

    follow(run(missed.again()));

    assertThat(ids(backup)).containsExactlyElementsOf(ids(owner)).containsExactly("b");
    assertThat(marks(backup)).isEqualTo(marks(owner));
  }

  @Test
  void repeatedForgettingReachesABackupThatMissedIt() {
    follow(run(append(1, "a")));
    follow(run(take(1)));
    assertThat(run(new ShardOp.Forget("g"))).isNotNull();

    follow(run(new ShardOp.Forget("g")));

    assertThat(backup.getValue().isBlank()).isTrue();
  }

  @Test
  void versionOfAShardIsSentWholeOnceAndThenWaitedForOnly() {
    assertThat(run(append(1, "a"))).isNotNull();
    int whole = bytes(run(append(1, "a")));
    assertThat(bytes(run(append(1, "a")))).isPositive().isLessThan(whole);
    follow(run(append(1, "a")));
    assertThat(ids(backup)).isEmpty();

    assertThat(run(append(2, "b"))).isNotNull();
    follow(run(append(2, "b")));
    assertThat(ids(backup)).containsExactly("a", "b");
  }

  @Test
  void stepThatAWholeShardOvertookChangesNothing() {
    var overtaken = run(append(1, "a"));
    follow(run(append(1, "a")));
    follow(overtaken);

    assertThat(ids(backup)).containsExactly("a");
    assertThat(backup.getValue().nextSequence()).isEqualTo(owner.getValue().nextSequence());
  }

  private @Nullable EntryProcessor<String, ShardState, ?> run(ShardOp op) {
    var processor = new RunShardOp(op);
    assertThat(processor.run(owner, new Moment(0, node -> false))).isNotNull();
    return processor.getBackupProcessor();
  }

  private void follow(@Nullable EntryProcessor<String, ShardState, ?> processor) {
    if (processor != null) {
      EntryProcessor<String, ShardState, ?> arrived = WIRE.toObject(WIRE.toData(processor));
      var unused = arrived.process(backup);
    }
  }

  private static int bytes(@Nullable EntryProcessor<String, ShardState, ?> processor) {
    return WIRE.toData(processor).toByteArray().length;
  }

  private static List<Map<Long, Mark>> marks(Map.Entry<String, ShardState> entry) {
    return entry.getValue().content().groups().values().stream()
        .map(ShardState.Group::marks)
        .toList();
  }

  private static ShardOp.Take take(long number, ShardOp.Settlement... settled) {
    return new ShardOp.Take("g", "node", "consumer", number, List.of(settled), 1, 1_000, false);
  }

  private static ShardOp append(long number, String id) {
    var client = new ClientInfo("client", "user", null, null);
    var message =
        new ServiceMessage(id, ServiceMessage.Kind.SEND, "", Payload.utf8("1"), client, 1, 0);
    return new ShardOp.Append("node", number, 10, List.of(new Letter(message, "")));
  }

  private static List<String> ids(Map.Entry<String, ShardState> entry) {
    return entry.getValue().content().items().values().stream()
        .map(item -> item.letter().message().id())
        .toList();
  }
}
