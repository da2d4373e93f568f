package io.tidegate.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of an inbox, and what its answers become. The inboxes have their own contract. */
final class StreamServiceTest {
  private static final ClientInfo ANN = new ClientInfo("c1", "ann", null, null);
  private static final Payload DATA = Payload.utf8("1");
  private static final ServiceSettings.Stream SETTINGS =
      new ServiceSettings.Stream("jobs", Duration.ofSeconds(2), 16, new InboxPolicy(320));

  private final Told inbox = new Told();
  private final ServiceCaller caller =
      new ServiceCaller(
          SETTINGS,
          new StreamService(SETTINGS, inbox),
          new Metrics(new CollectorRegistry()),
          Clock.fixed(Instant.ofEpochMilli(5_000), ZoneOffset.UTC),
          () -> 0,
          () -> "id1");

  /** Answers at once what it was told to. */
  private static final class Told implements ServiceInbox {
    private final List<ServiceMessage> messages = new ArrayList<>();
    private Future<ServiceAnswer> answer = Future.succeededFuture(ServiceAnswer.NONE);

    @Override
    public Future<Void> append(String service, InboxPolicy policy, ServiceMessage message) {
      return request(service, policy, message, SETTINGS.timeout()).mapEmpty();
    }

    @Override
    public Future<ServiceAnswer> request(
        String service, InboxPolicy policy, ServiceMessage message, Duration timeout) {
      assertThat(service).isEqualTo("jobs");
      assertThat(policy).isEqualTo(SETTINGS.inbox());
      assertThat(timeout).isEqualTo(SETTINGS.timeout());
      messages.add(message);
      return answer;
    }

    @Override
    public Future<Consumption> consume(ConsumerSettings settings, ServiceHandler handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> forget(String service, String group) {
      throw new UnsupportedOperationException();
    }
  }

  private static Outcome outcome(Future<ServiceAnswer> call) {
    return ((ServiceException) call.cause()).outcome();
  }

  @Test
  void aRequestExpiresWithItsTimeoutAndWhatIsSentNever() {
    inbox.answer = Future.succeededFuture(ServiceAnswer.of(Payload.utf8("[1,\n2]")));
    assertThat(caller.request("m", DATA, ANN).result().data().text()).isEqualTo("[1,2]");
    assertThat(caller.send(DATA, ANN).succeeded()).isTrue();
    assertThat(inbox.messages)
        .containsExactly(
            new ServiceMessage("id1", ServiceMessage.Kind.RPC, "m", DATA, ANN, 5_000, 7_000),
            new ServiceMessage("id1", ServiceMessage.Kind.SEND, "", DATA, ANN, 5_000, 0));
  }

  @Test
  void answersOfConsumersAreCheckedAsAnyOthers() {
    inbox.answer = Future.succeededFuture(ServiceAnswer.of(Payload.utf8("{} {}")));
    assertThat(outcome(caller.request("m", DATA, ANN))).isEqualTo(Outcome.BAD_ANSWER);
    inbox.answer =
        Future.succeededFuture(ServiceAnswer.of(Payload.utf8("\"" + "x".repeat(15) + "\"")));
    assertThat(outcome(caller.request("m", DATA, ANN))).isEqualTo(Outcome.TOO_LARGE);
    inbox.answer = Future.succeededFuture(ServiceAnswer.error(400, "no"));
    assertThat(caller.request("m", DATA, ANN).result()).isEqualTo(ServiceAnswer.error(400, "no"));
    inbox.answer = Future.succeededFuture(ServiceAnswer.NONE);
    assertThat(caller.request("m", DATA, ANN).result().data().text()).isEqualTo("null");
  }

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE, UNREACHABLE",
    "CLOSED, UNREACHABLE",
    "INDETERMINATE, TIMEOUT",
    "OVERLOADED, OVERLOADED",
    "LIMIT, REJECTED",
  })
  void failuresOfTheStoreHaveOutcomes(Reason reason, Outcome expected) {
    inbox.answer = Future.failedFuture(new BackplaneException(reason, "x"));
    assertThat(outcome(caller.request("m", DATA, ANN))).isEqualTo(expected);
    assertThat(outcome(caller.send(DATA, ANN))).isEqualTo(expected);
  }
}
