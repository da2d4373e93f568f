package io.tidegate.backplane.hazelcast;

import static io.tidegate.backplane.Futures.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ContractFixture;
import io.tidegate.backplane.ContractSuite;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.TestNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What becomes of batches that are repeated, late, or whose sender dies. */
final class HazelcastRetryIT extends ContractSuite {
  private static final long FAR = 1L << 40;

  @Override
  protected ContractFixture fixture() {
    return new HazelcastFixture();
  }

  @Test
  void repeatedBatchIsAnsweredAsTheFirstWasAndAppendsNothing() {
    String channel = channel("repeated");
    Batch batch = batch(node(0), FAR, "a", "b");
    Answer first = await(Members.run(node(0), channel, batch));
    await(Members.run(node(1), channel, batch(node(1), FAR, "c")));
    Answer again = await(Members.run(node(0), channel, batch.again()));

    assertThat(again.outcomes()).isEqualTo(first.outcomes());
    assertThat(texts(node(2), channel)).containsExactly("a", "b", "c");
  }

  @Test
  void batchThatItsSenderHasGivenUpIsRefused() {
    String channel = channel("stale");
    await(Members.run(node(0), channel, batch(node(0), FAR + 2, "b")));
    Answer stale = await(Members.run(node(0), channel, batch(node(0), FAR + 1, "a")));
    assertThat(stale.verdict()).isEqualTo(Answer.Verdict.STALE);
    assertThat(texts(node(2), channel)).containsExactly("b");
  }

  @Test
  void batchOfAStrangerIsRefused() {
    String channel = channel("stranger");
    Batch batch = new Batch(new UUID(1, 2), 1, false, List.of(), List.of(publish("a")));
    assertThat(await(Members.run(node(0), channel, batch)).verdict())
        .isEqualTo(Answer.Verdict.STRANGER);
    assertThat(texts(node(2), channel)).isEmpty();
  }

  @Test
  void batchOfAMemberThatAnotherSawDieIsRefused() {
    List<TestNode> cluster = freshCluster(3);
    String channel = channel("gone");
    UUID dying = Members.uuidOf(cluster.get(2));
    Batch telling =
        new Batch(
            Members.uuidOf(cluster.get(0)), FAR, false, List.of(dying), List.of(publish("a")));
    await(Members.run(cluster.get(0), channel, telling));
    Answer late = await(Members.run(cluster.get(2), channel, batch(cluster.get(2), FAR, "late")));
    assertThat(late.verdict()).isEqualTo(Answer.Verdict.STRANGER);
    assertThat(texts(cluster.get(1), channel)).containsExactly("a");
  }

  @Test
  void publicationThatItsDeadPublisherNeverHandedOutIsHeard() {
    List<TestNode> cluster = freshCluster(3);
    for (String channel : channels()) {
      cluster.get(0).join(channel, KEEP);
      cluster.get(1).join(channel, KEEP);
      await(Members.run(cluster.get(2), channel, batch(cluster.get(2), FAR, "orphan")));
    }
    crash(cluster.get(2));
    for (String channel : channels()) {
      for (TestNode survivor : cluster.subList(0, 2)) {
        eventually(() -> assertThat(survivor.heard().texts(channel)).containsExactly("orphan"));
      }
    }
  }

  @Test
  void whatIsAcknowledgedWhileANodeDiesIsKeptOnceAndInOrder() {
    List<TestNode> cluster = freshCluster(3);
    TestNode listening = cluster.get(0);
    channels().forEach(channel -> listening.join(channel, KEEP));
    Map<String, List<String>> sent = new HashMap<>();
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      for (String channel : channels()) {
        String text = "p" + i;
        sent.computeIfAbsent(channel, name -> new ArrayList<>()).add(text);
        results.add(cluster.get(i % 2).publishing(channel, text, KEEP));
      }
      if (i == 100) {
        crash(cluster.get(2));
      }
    }
    for (Future<PublishResult> result : results) {
      assertThat(await(result).duplicate()).isFalse();
    }
    for (String channel : channels()) {
      List<String> kept = texts(cluster.get(1), channel);
      assertThat(kept).hasSize(200).containsExactlyInAnyOrderElementsOf(sent.get(channel));
      assertThat(perPublisher(kept, 0)).isSortedAccordingTo(Integer::compare);
      assertThat(perPublisher(kept, 1)).isSortedAccordingTo(Integer::compare);
      eventually(() -> assertThat(listening.heard().texts(channel)).isEqualTo(kept));
    }
  }

  @Test
  void publisherThatDiesUnderLoadLeavesTheSurvivorsInAgreement() {
    List<TestNode> cluster = freshCluster(3);
    for (String channel : channels()) {
      cluster.get(0).join(channel, KEEP);
      cluster.get(1).join(channel, KEEP);
    }
    for (int i = 0; i < 100; i++) {
      for (String channel : channels()) {
        Future<PublishResult> unheeded = cluster.get(2).publishing(channel, "p" + i, KEEP);
        assertThat(unheeded).isNotNull();
      }
    }
    crash(cluster.get(2));
    for (String channel : channels()) {
      eventually(
          () -> {
            List<String> kept = texts(cluster.get(0), channel);
            assertThat(cluster.get(0).heard().texts(channel)).isEqualTo(kept);
            assertThat(cluster.get(1).heard().texts(channel)).isEqualTo(kept);
          });
      Set<String> distinct = new TreeSet<>(cluster.get(0).heard().texts(channel));
      assertThat(distinct).hasSameSizeAs(cluster.get(0).heard().texts(channel));
    }
  }

  private static List<Integer> perPublisher(List<String> texts, int parity) {
    return texts.stream()
        .map(text -> Integer.parseInt(text.substring(1)))
        .filter(number -> number % 2 == parity)
        .collect(Collectors.toList());
  }

  private List<String> channels() {
    return IntStream.range(0, 20).mapToObj(i -> channel("c" + i)).toList();
  }

  private static Batch batch(TestNode sender, long number, String... texts) {
    List<Command> commands = new ArrayList<>();
    for (String text : texts) {
      commands.add(publish(text));
    }
    return new Batch(Members.uuidOf(sender), number, false, List.of(), commands);
  }

  private static Command publish(String text) {
    return new Command.Publish(PublishRequest.of("", Payload.utf8(text), KEEP));
  }

  private static List<String> texts(TestNode node, String channel) {
    HistoryPage page = node.history(channel, KEEP, new HistoryQuery(null, HistoryQuery.ALL, false));
    return page.publications().stream().map(p -> p.data().text()).toList();
  }
}
