package io.tidegate.backplane.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class LeasesTest {
  private static final Vertx vertx = Vertx.vertx();

  private final Leases leases = new Leases(Duration.ofSeconds(5), Duration.ofSeconds(1), 0);
  private final Lease idle = newLease("idle");
  private final Lease busy = newLease("busy");
  private long nowSeconds;

  @AfterAll
  static void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void leaseLapsesOnceWhenNobodyRenewsIt() {
    leases.take(idle);
    leases.take(busy);
    for (int i = 0; i < 4; i++) {
      assertLapsedAfter(1);
      assertThat(leases.renew(busy)).isTrue();
    }
    assertLapsedAfter(1, idle);
    assertThat(idle.isLive()).isFalse();
    assertThat(leases.renew(idle)).isFalse();
    assertThat(leases.live()).containsExactly(busy);
    assertLapsedAfter(1);
  }

  @Test
  void storeThatStoodStillDeclaresNobodyDead() {
    leases.take(idle);
    assertLapsedAfter(3_600);
    assertLapsedAfter(3_600);
    assertThat(leases.renew(idle)).isTrue();
  }

  @Test
  void looksOfSeveralNodesCountTheSameTimeOnce() {
    leases.take(idle);
    for (int i = 0; i < 4; i++) {
      assertLapsedAfter(1);
      assertLapsedAfter(0);
      assertLapsedAfter(0);
    }
    assertThat(idle.isLive()).isTrue();
  }

  @Test
  void leaseGivenBackIsGoneWithoutLapsing() {
    leases.take(idle);
    leases.giveBack(idle);
    assertThat(leases.live()).isEmpty();
    for (int i = 0; i < 10; i++) {
      assertLapsedAfter(1);
    }
  }

  private void assertLapsedAfter(long seconds, Lease... lapsed) {
    nowSeconds += seconds;
    assertThat(leases.endLapsed(Duration.ofSeconds(nowSeconds).toNanos())).containsExactly(lapsed);
  }

  private static Lease newLease(String id) {
    return new Lease(
        new NodeInfo(id, id, "1.0", 1),
        vertx.getOrCreateContext(),
        command -> Future.succeededFuture(Payload.EMPTY),
        () -> true);
  }
}
