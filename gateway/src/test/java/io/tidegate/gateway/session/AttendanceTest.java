package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.PresenceStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AttendanceTest {
  private final HeldStore store = new HeldStore();
  private long now;
  private final TimerWheel wheel = new TimerWheel(50, () -> now);
  private final Attendance attendance = new Attendance(store, wheel);

  @Test
  void leaveWaitsForTheEntryAndTheNextEntryForTheLeave() {
    Future<Void> first = enter();
    attendance.leave("room", "ann");
    Future<Void> second = enter();
    assertThat(store.asked).containsExactly("add");
    store.answer();
    assertThat(first.succeeded()).isTrue();
    assertThat(store.asked).containsExactly("add", "remove");
    store.answer();
    assertThat(store.asked).containsExactly("add", "remove", "add");
    store.answer();
    assertThat(second.succeeded()).isTrue();
  }

  @Test
  void removalThatFailsAfterTheClientCameBackIsNotRepeated() {
    attendance.leave("room", "ann");
    Future<Void> back = enter();
    store.fail();
    store.answer();
    assertThat(back.succeeded()).isTrue();
    pass(10_000);
    assertThat(store.asked).containsExactly("remove", "add");
  }

  @Test
  void removalIsRepeatedUntilTheStoreIsBack() {
    attendance.leave("room", "ann");
    store.fail();
    for (int i = 0; i < 3; i++) {
      pass(1_100);
      store.fail();
    }
    pass(1_100);
    store.answer();
    pass(60_000);
    assertThat(store.asked).hasSize(5).containsOnly("remove");
  }

  @Test
  void comingBackCancelsWhatIsOwed() {
    attendance.leave("room", "ann");
    store.fail();
    var unused = enter();
    store.answer();
    pass(10_000);
    assertThat(store.asked).containsExactly("remove", "add");
  }

  @Test
  void otherChannelsAndClientsDoNotWait() {
    var unused = enter();
    attendance.leave("room", "bob");
    attendance.leave("hall", "ann");
    assertThat(store.asked).containsExactly("add", "remove", "remove");
  }

  @Test
  void manyRemovalsAreMadeUpInPortions() {
    for (int i = 0; i < 1_000; i++) {
      attendance.leave("room", "c" + i);
      store.fail();
    }
    store.asked.clear();
    for (int i = 0; i < 10; i++) {
      pass(1_100);
      assertThat(store.held.size()).isLessThanOrEqualTo(256);
      while (!store.held.isEmpty()) {
        store.answer();
      }
    }
    assertThat(store.asked).hasSize(1_000);
  }

  private Future<Void> enter() {
    return attendance.enter("room", new ClientInfo("ann", "ann", null, null), true);
  }

  private void pass(long millis) {
    now += millis * 1_000_000;
    wheel.advance();
  }

  private static final class HeldStore implements PresenceStore {
    final List<String> asked = new ArrayList<>();
    final Deque<Promise<Void>> held = new ArrayDeque<>();

    @Override
    public Future<Void> add(String channel, ClientInfo member, boolean announce) {
      return hold("add");
    }

    @Override
    public Future<Void> remove(String channel, String client) {
      return hold("remove");
    }

    @Override
    public Future<Map<String, ClientInfo>> members(String channel) {
      throw new UnsupportedOperationException("members");
    }

    @Override
    public Future<PresenceStats> stats(String channel) {
      throw new UnsupportedOperationException("stats");
    }

    void answer() {
      held.remove().complete();
    }

    void fail() {
      held.remove().fail(new BackplaneException(Reason.UNAVAILABLE, "away"));
    }

    private Future<Void> hold(String question) {
      asked.add(question);
      Promise<Void> promise = Promise.promise();
      held.add(promise);
      return promise.future();
    }
  }
}
