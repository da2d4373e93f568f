package io.tidegate.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much goes to a service at once, and when it is left alone. */
final class HttpServiceBoundsIT extends HttpServiceFixture {
  @Test
  void whatIsAboveConcurrencyWaitsAndWhatIsAboveThatIsRefusedAtOnce() {
    backend.holds();
    ServiceCaller caller =
        caller(settings(backend.url(), null, Duration.ofSeconds(20), 2, 1, PATIENT));
    var calls = List.of(ask(caller), ask(caller), ask(caller));
    await().until(() -> backend.received().size() == 2);

    assertThat(outcome(ask(caller))).isEqualTo(Outcome.OVERLOADED);
    assertThat(counted(Outcome.OVERLOADED)).isEqualTo(1);
    assertThat(backend.received()).hasSize(2);
    assertThat(inflight()).isEqualTo(3);

    backend.answers(200, "3");
    backend.release("1");
    assertThat(calls).map(TestNode::await).map(a -> a.data().text()).containsExactly("1", "1", "3");
    assertThat(inflight()).isZero();
  }

  @Test
  void waitingForAPlaceCountsTowardsTheTimeout() {
    backend.holds();
    ServiceCaller caller = caller(settings(backend.url(), null, 1, 8, PATIENT));
    var calls = List.of(ask(caller), ask(caller));
    assertThat(calls).map(HttpServiceFixture::outcome).containsOnly(Outcome.TIMEOUT);
    backend.answers(200, "1");
    assertThat(TestNode.await(ask(caller)).data().text()).isEqualTo("1");
  }

  @Test
  void aServiceThatKeepsFailingIsLeftAloneAndTriedAgain() {
    var breaker = new BreakerSettings(4, 50, Duration.ofSeconds(5));
    ServiceCaller caller = caller(settings(backend.url(), null, 8, 8, breaker));
    for (int status : new int[] {200, 500, 200, 500}) {
      backend.answers(status, "1");
      TestNode.await(ask(caller).otherwiseEmpty());
    }
    assertThat(outcome(ask(caller))).isEqualTo(Outcome.CIRCUIT_OPEN);
    assertThat(backend.received()).hasSize(4);

    clock.millis.addAndGet(5_001);
    assertThat(outcome(ask(caller))).isEqualTo(Outcome.FAILED);
    assertThat(outcome(ask(caller))).isEqualTo(Outcome.CIRCUIT_OPEN);

    clock.millis.addAndGet(5_001);
    backend.answers(200, "1");
    for (int i = 0; i < 8; i++) {
      assertThat(TestNode.await(ask(caller)).isError()).isFalse();
    }
  }

  @Test
  void whatIsNotTheServicesFailureOpensNoCircuit() {
    var breaker = new BreakerSettings(1, 1, Duration.ofMinutes(1));
    ServiceCaller caller = caller(settings(backend.url(), null, 8, 8, breaker));
    for (int status : new int[] {404, 422, 200}) {
      backend.answers(status, "<html></html>");
      assertThat(outcome(ask(caller))).isNotEqualTo(Outcome.CIRCUIT_OPEN);
    }
  }
}
