package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.map.EntryProcessor;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.Letter;
import io.tidegate.backplane.inbox.ShardOp;
import io.tidegate.backplane.inbox.ShardState;
import java.util.AbstractMap.SimpleEntry;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Backups of a service's shard, of which one step may miss them. */
final class RunShardOpTest {
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

  private @Nullable EntryProcessor<String, ShardState, ?> run(ShardOp op) {
    // As if taken on the owner at a moment that the test chooses.
    var processor =
        new RunShardOp(op, new RunShardOp.Past(0, Set.of(), owner.getValue().nextSequence()));
    assertThat(processor.process(owner)).isNotNull();
    return processor.getBackupProcessor();
  }

  private void follow(@Nullable EntryProcessor<String, ShardState, ?> processor) {
    if (processor != null) {
      var unused = processor.process(backup);
    }
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
