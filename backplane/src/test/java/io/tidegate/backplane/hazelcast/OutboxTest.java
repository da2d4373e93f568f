package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private final AtomicLong now = new AtomicLong();
  private final List<Parcel> sent = new ArrayList<>();
  private final List<Consumer<Boolean>> answers = new ArrayList<>();
  private final Outbox outbox =
      new Outbox(
          now::get,
          (any, lost, deliveries) -> new Parcel(new UUID(0, 1), any, lost, deliveries),
          (parcel, taken) -> {
            sent.add(parcel);
            answers.add(taken);
          });

  @Test
  void parcelsGrowWhileOneIsUnderWay() {
    for (int i = 0; i < 10; i++) {
      outbox.add(delivery("c" + i, 10));
    }
    assertThat(sent).hasSize(1);
    answer(true);
    assertThat(sent).hasSize(2);
    assertThat(sent.get(1).deliveries()).hasSize(9);
  }

  @Test
  void whatIsNotTakenIsToldByNameUntilThatIsTaken() {
    outbox.add(delivery("c", 10));
    answer(false);
    for (int i = 0; i < 3; i++) {
      now.addAndGet(1_000_000_000L);
      outbox.tick();
      assertThat(last().lost()).containsExactly("c");
      assertThat(last().deliveries()).isEmpty();
      answer(i == 2);
    }
    now.addAndGet(1_000_000_000L);
    outbox.tick();
    assertThat(sent).hasSize(4);
  }

  @Test
  void unansweredParcelCountsAsNotTakenAfterAWhile() {
    outbox.add(delivery("c", 10));
    now.addAndGet(6_000_000_000L);
    outbox.tick();
    now.addAndGet(1_000_000_000L);
    outbox.tick();
    assertThat(last().lost()).containsExactly("c");
    // The answer comes after all, and changes nothing.
    answers.get(0).accept(true);
    assertThat(sent).hasSize(2);
  }

  @Test
  void whatDoesNotFitIsToldByName() {
    outbox.add(delivery("first", 10));
    for (int i = 0; i < 20; i++) {
      outbox.add(delivery("big", 1 << 20));
    }
    assertThat(outbox.isCrowded()).isTrue();
    outbox.add(delivery("unlucky", 1 << 20));
    answer(true);
    assertThat(last().lost()).contains("unlucky");
  }

  @Test
  void tooManyNamesBecomeAnyChannel() {
    outbox.add(delivery("first", 10));
    for (int i = 0; i < 2_000; i++) {
      outbox.alarm("c" + i);
    }
    answer(true);
    assertThat(last().lostAny()).isTrue();
    assertThat(last().lost()).isEmpty();
  }

  private Parcel last() {
    return sent.get(sent.size() - 1);
  }

  private void answer(boolean isTaken) {
    answers.get(answers.size() - 1).accept(isTaken);
  }

  private static Delivery delivery(String channel, int bytes) {
    var publication = new Publication(1, Payload.of(new byte[bytes]), null, Map.of(), 1);
    return new Delivery(channel, "e", List.of(new Event.Published(publication, 0)));
  }
}
