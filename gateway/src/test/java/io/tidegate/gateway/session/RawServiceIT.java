package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.service.Backend;
import io.tidegate.gateway.service.BreakerSettings;
import io.tidegate.gateway.service.ServiceSettings;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.PlainClient;
import io.tidegate.gateway.testing.RawRoutes;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames that go to a service. */
final class RawServiceIT {
  private final Backend backend = new Backend();
  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store()),
          new ServicesSettings(List.of(http(), stream()), Map.of(), null, 1),
          RawRoutes.service("http"),
          RawRoutes.service("stream"));

  private ServiceSettings http() {
    return new ServiceSettings.Http(
        "http",
        backend.url(),
        List.of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
        null,
        Duration.ofSeconds(20),
        16,
        16,
        1_024,
        new BreakerSettings(100, 100, Duration.ofSeconds(1)));
  }

  private static ServiceSettings stream() {
    return new ServiceSettings.Stream(
        "stream", Duration.ofSeconds(20), 1_024, new InboxPolicy(1_000));
  }

  @AfterEach
  void close() {
    node.close();
    backend.close();
  }

  private PlainClient ann(String route) {
    return PlainClient.as(TestTokens.of("ann"), node.uri(route));
  }

  @Test
  void aServiceBehindHttpGetsFramesWithTheirTypeAndRoute() {
    try (PlainClient ann = ann("http")) {
      ann.text("no JSON: ä").binary(new byte[] {'1'});
      await().until(() -> backend.received().size() == 2);
      Backend.Received text = backend.received().get(0);
      assertThat(text.body()).isEqualTo("no JSON: ä");
      assertThat(text.headers().get("content-type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(text.headers().get("ce-type")).isEqualTo("io.tidegate.text");
      assertThat(text.headers().get("ce-subject")).isEqualTo("http");
      assertThat(text.headers().get("ce-user")).isEqualTo("ann");
      Backend.Received binary = backend.received().get(1);
      assertThat(binary.headers().get("content-type")).isEqualTo("application/octet-stream");
      assertThat(binary.headers().get("ce-type")).isEqualTo("io.tidegate.binary");
    }
  }

  @Test
  void framesOfOneClientReachItInOrderOneAtATime() {
    backend.holds();
    try (PlainClient ann = ann("http")) {
      for (int i = 0; i < 10; i++) {
        ann.text("" + i);
      }
      for (int i = 0; i < 10; i++) {
        int taken = i + 1;
        await().until(() -> backend.received().size() == taken);
        assertThat(backend.received().get(i).body()).isEqualTo("" + i);
        backend.release("");
      }
      assertThat(ann.frames()).isEmpty();
    }
  }

  @Test
  void aFrameThatAServiceDidNotTakeClosesAndNoneFollowsIt() {
    backend.answers(503, "");
    try (PlainClient ann = ann("http")) {
      ann.text("1").text("2");
      assertThat(ann.awaitClose()).isEqualTo(CloseCode.TOO_MANY_REQUESTS.code());
    }
    backend.answers(500, "");
    try (PlainClient ann = ann("http")) {
      assertThat(ann.text("3").awaitClose()).isEqualTo(CloseCode.SERVER_ERROR.code());
    }
    backend.answers(422, "{\"error\":{\"code\":422,\"message\":\"no\"}}");
    try (PlainClient ann = ann("http")) {
      assertThat(ann.text("4").awaitClose()).isEqualTo(CloseCode.NOT_AVAILABLE.code());
    }
    assertThat(backend.received())
        .extracting(Backend.Received::body)
        .containsExactly("1", "3", "4");
  }

  @Test
  void aServiceBehindAnInboxGetsThemToo() {
    try (PlainClient ann = ann("stream")) {
      Queue<ServiceMessage> taken = new ConcurrentLinkedQueue<>();
      ServiceHandler handler =
          delivery -> {
            taken.add(delivery.message());
            return Future.succeededFuture(ServiceAnswer.NONE);
          };
      assertThat(
              TestNode.await(
                  node.backplane().inbox().consume(ConsumerSettings.of("stream"), handler)))
          .isNotNull();
      ann.text("hi").binary(new byte[] {0, (byte) 0xff});
      await().until(() -> taken.size() == 2);
      List<ServiceMessage> messages = List.copyOf(taken);
      assertThat(messages)
          .extracting(ServiceMessage::kind)
          .containsExactly(ServiceMessage.Kind.TEXT, ServiceMessage.Kind.BINARY);
      assertThat(messages).extracting(ServiceMessage::method).containsOnly("stream");
      assertThat(messages.get(1).data().bytes()).containsExactly(0, 0xff);
      assertThat(messages.get(0).client().user()).isEqualTo("ann");
    }
  }
}
