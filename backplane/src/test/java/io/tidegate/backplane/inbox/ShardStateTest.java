package io.tidegate.backplane.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.tidegate.backplane.inbox.ShardAnswer.Appended;
import io.tidegate.backplane.inbox.ShardAnswer.Handed;
import io.tidegate.backplane.inbox.ShardAnswer.Taken;
import io.tidegate.backplane.inbox.ShardOp.Settlement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of a shard, with time turned by hand. */
final class ShardStateTest {
  private static final int LEASE = 1_000;

  private final ShardState shard = new ShardState();
  private final Set<String> gone = new HashSet<>();
  private long now = 10_000;
  private long takes;

  @Test
  void pauseOfAFailingMessageDoublesUpToItsBound() {
    append("m", "c");
    long pause = 100;
    for (int attempt = 1; attempt <= 30; attempt++) {
      Handed handed = take().get(0);
      assertThat(handed.attempt()).isEqualTo(attempt);
      Taken after = taken(new Settlement(handed.sequence(), takes, false));
      assertThat(after.letters()).isEmpty();
      assertThat(after.dueInMillis()).isEqualTo(pause);
      now += pause - 1;
      assertThat(take()).isEmpty();
      now += 1;
      pause = Math.min(2 * pause, ServiceInbox.LONGEST_PAUSE.toMillis());
    }
  }

  @Test
  void messageIsHandedOutAgainAtTheEndOfItsLeaseAndNotBefore() {
    append("m", "c");
    take();
    now += LEASE - 1;
    assertThat(taken().dueInMillis()).isEqualTo(1);
    now += 1;
    assertThat(take()).extracting(Handed::attempt).containsExactly(2);
  }

  @Test
  void messageOfADeadNodesConsumerIsHandedOutAtOnce() {
    append("m", "c");
    take();
    gone.add("node");
    assertThat(letters(take("other"))).containsExactly("m");
  }

  @Test
  void acknowledgementThatComesAfterTheNextAttemptIsIgnored() {
    append("m", "c");
    long sequence = take().get(0).sequence();
    long first = takes;
    now += LEASE;
    take();
    long second = takes;
    taken(new Settlement(sequence, first, true));
    assertThat(held()).isEqualTo(1);
    taken(new Settlement(sequence, second, true));
    assertThat(held()).isZero();
  }

  @Test
  void acknowledgementOfAnotherLetterOfTheSameSequenceIsIgnored() {
    append("m", "c");
    Handed others = take("other").letters().get(0);
    taken(new Settlement(others.sequence(), takes, true));
    assertThat(held()).isEqualTo(1);

    append("n", "d");
    Handed own = take().get(0);
    taken(new Settlement(own.sequence(), takes - 1, true));
    assertThat(held()).isEqualTo(2);
  }

  @Test
  void repeatedAppendIsAnsweredAsBeforeAndDoesNothing() {
    var append = new ShardOp.Append("n", 7, 1, List.of(letter("a", "c", 0), letter("b", "c", 0)));
    assertThat(appended(append).accepted()).containsExactly(true, false);
    assertThat(appended(append).accepted()).containsExactly(true, false);
    assertThat(held()).isEqualTo(1);
    // Also one that was overtaken.
    appended(new ShardOp.Append("n", 8, 9, List.of(letter("c", "c", 0))));
    appended(append);
    assertThat(held()).isEqualTo(2);
    // And when everything has been handled meanwhile.
    Handed first = take().get(0);
    Handed second = taken(new Settlement(first.sequence(), takes, true)).letters().get(0);
    taken(new Settlement(second.sequence(), takes, true));
    appended(new ShardOp.Append("n", 8, 9, List.of(letter("c", "c", 0))));
    assertThat(held()).isZero();
  }

  @Test
  void sendersThatAreGoneAreForgotten() {
    appended(new ShardOp.Append("n", 1, 9, List.of(letter("a", "c", 0))));
    gone.add("n");
    appended(new ShardOp.Append("n2", 1, 9, List.of(letter("b", "c", 0))));
    assertThat(shard.content().senders()).containsOnlyKeys("n2");
  }

  @Test
  void repeatedTakeHandsOutTheSame() {
    append("a", "c");
    append("b", "d");
    var take = new ShardOp.Take("g", "node", "consumer", 1, List.of(), 1, LEASE, false);
    List<Handed> first = apply(take).letters();
    assertThat(apply(take).letters()).isEqualTo(first).hasSize(1);
  }

  @Test
  void takeThatFindsNothingNewChangesNothing() {
    append("a", "c");
    take();
    long changes = shard.changes();
    take();
    assertThat(shard.changes()).isEqualTo(changes);
  }

  @Test
  void expiredMessageIsNotHandedOutAndLeavesRoom() {
    append("a", "c", now + 5);
    append("b", "d", now + 5);
    now += 4;
    assertThat(letters(taken("g", 1))).containsExactly("a");
    now += 1;
    assertThat(take()).isEmpty();
    // What is being handled is not taken away.
    assertThat(held()).isEqualTo(1);
  }

  @Test
  void otherBranchsLettersAreTakenOverOnceAndAsAnotherAttempt() {
    append("both", "c");
    var absorb = new ShardOp.Absorb("n", 1, branch("both", "there"));
    assertThat(appended(absorb).accepted()).containsExactly(false, true);
    assertThat(take())
        .extracting(handed -> handed.letter().message().id() + handed.attempt())
        .containsExactly("both1", "there2");
  }

  @Test
  void repeatedBranchIsNotTakenOverAgain() {
    var absorb = new ShardOp.Absorb("n", 1, branch("there"));
    Appended first = appended(absorb);
    Handed handed = take().get(0);
    taken(new Settlement(handed.sequence(), takes, true));
    assertThat(appended(absorb).accepted()).isEqualTo(first.accepted());
    assertThat(held()).isZero();
  }

  private ShardState branch(String... ids) {
    ShardState branch = new ShardState();
    for (String id : ids) {
      var append = new ShardOp.Append("n", 0, 9, List.of(letter(id, "client-of-" + id, 0)));
      assertThat(branch.apply(append, moment())).isInstanceOf(Appended.class);
    }
    return branch;
  }

  @Test
  void forgettingTheOnlyGroupDropsWhatWaitedForIt() {
    append("a", "c");
    take();
    assertThat(shard.apply(new ShardOp.Forget("g"), moment()))
        .isInstanceOf(ShardAnswer.Forgotten.class);
    assertThat(held()).isZero();
  }

  @Test
  void bytesAreGivenBackWithTheLetters() {
    Payload half = Payload.of(new byte[ServiceInbox.SHARD_BYTES / 2]);
    for (int i = 0; i < 10; i++) {
      var message = new ServiceMessage("m" + i, Kind.SEND, "", half, client("c"), 1, 0);
      var append = new ShardOp.Append("n", 0, 9, List.of(new Letter(message, "")));
      assertThat(appended(append).accepted()).containsExactly(true);
      Handed handed = take().get(0);
      taken(new Settlement(handed.sequence(), takes, true));
    }
  }

  private void append(String id, String client) {
    append(id, client, 0);
  }

  private void append(String id, String client, long expires) {
    var append = new ShardOp.Append("n", 0, 100, List.of(letter(id, client, expires)));
    assertThat(appended(append).accepted()).containsExactly(true);
  }

  @CanIgnoreReturnValue
  private Appended appended(ShardOp op) {
    return (Appended) shard.apply(op, moment());
  }

  @CanIgnoreReturnValue
  private List<Handed> take() {
    return taken().letters();
  }

  private Taken take(String node) {
    return apply(new ShardOp.Take("g", node, node, ++takes, List.of(), 9, LEASE, false));
  }

  private Taken taken(String group, int want) {
    return apply(
        new ShardOp.Take(group, "node", "consumer", ++takes, List.of(), want, LEASE, false));
  }

  @CanIgnoreReturnValue
  private Taken taken(Settlement... settled) {
    return apply(
        new ShardOp.Take("g", "node", "consumer", ++takes, List.of(settled), 9, LEASE, false));
  }

  private Taken apply(ShardOp.Take take) {
    return (Taken) shard.apply(take, moment());
  }

  private Moment moment() {
    return new Moment(now, gone::contains);
  }

  private int held() {
    return shard.content().items().size();
  }

  private static Stream<String> letters(Taken taken) {
    return taken.letters().stream().map(handed -> handed.letter().message().id());
  }

  private static Letter letter(String id, String client, long expires) {
    return new Letter(
        new ServiceMessage(id, Kind.SEND, "", Payload.EMPTY, client(client), 1, expires), "");
  }

  private static ClientInfo client(String id) {
    return new ClientInfo(id, "", null, null);
  }
}
