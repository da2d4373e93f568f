package io.tidegate.gateway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.TestNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpServiceIT extends HttpServiceFixture {
  @TempDir private Path directory;

  @Test
  void aRequestIsASignedEventAndItsAnswerComesBack() {
    backend.answers(200, "{\"n\": 1,\n \"t\": \"a b\"}");
    ServiceAnswer answer = TestNode.await(ask(caller()));
    assertThat(answer.data().text()).isEqualTo("{\"n\":1,\"t\":\"a b\"}");

    Backend.Received request = backend.received().get(0);
    assertThat(request.path()).isEqualTo("/messages");
    assertThat(request.body()).isEqualTo(DATA.text());
    assertThat(request.headers().get("ce-type")).isEqualTo("io.tidegate.rpc");
    assertThat(request.headers().get("ce-subject")).isEqualTo("chat.send");
    assertThat(request.headers().get("ce-user")).isEqualTo("ann");
    assertThat(request.headers().get("ce-expirytime")).isEqualTo("2023-11-14T22:13:21.500Z");
    String id = request.headers().get("webhook-id");
    assertThat(request.headers().get("ce-id")).isEqualTo(id);
    assertThat(request.headers().get("webhook-timestamp")).isEqualTo("1700000000");
    assertThat(request.headers().get("webhook-signature").split(" "))
        .containsExactly(
            new WebhookSigner(List.of(OLD)).sign(id, 1_700_000_000, DATA.bytes()),
            new WebhookSigner(List.of(NEW)).sign(id, 1_700_000_000, DATA.bytes()));
    assertThat(counted(Outcome.OK)).isEqualTo(1);
  }

  @Test
  void anErrorOfTheServicesOwnIsAnAnswer() {
    backend.answers(422, "{\"error\":{\"code\":1404,\"message\":\"no such room\"}}");
    ServiceAnswer answer = TestNode.await(ask(caller()));
    assertThat(answer).isEqualTo(ServiceAnswer.error(1404, "no such room"));
    assertThat(counted(Outcome.ERROR)).isEqualTo(1);
  }

  @Test
  void nothingIsNull() {
    backend.answers(204, "");
    assertThat(TestNode.await(ask(caller())).data().text()).isEqualTo("null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "500 | oops | FAILED",
        "502 | {\"error\":{\"code\":1404,\"message\":\"not mine\"}} | FAILED",
        "503 | | BUSY",
        "429 | | BUSY",
        "404 | not here | REJECTED",
        "400 | {\"error\":{\"code\":12,\"message\":\"below 400\"}} | REJECTED",
        "400 | {\"error\":{\"code\":\"1404\",\"message\":\"text\"}} | REJECTED",
        "400 | {\"error\":{\"code\":99999999999,\"message\":\"large\"}} | REJECTED",
        "400 | {\"code\":1404,\"message\":\"bare\"} | REJECTED",
        "304 | | REJECTED",
        "200 | <html></html> | BAD_ANSWER",
        "200 | {\"a\":1} {\"b\":2} | BAD_ANSWER",
        "201 | {\"a\": | BAD_ANSWER",
      })
  void whatIsNoAnswerHasAnOutcomeOfItsOwn(int status, @Nullable String body, Outcome expected) {
    backend.answers(status, body == null ? "" : body);
    endsWith(expected, caller());
  }

  @Test
  void bytesThatAreNotUnicodeAreNoAnswer() {
    byte[] wrong = {'"', (byte) 0xC3, '"'};
    backend.answers(
        request ->
            request.response().end(io.vertx.core.buffer.Buffer.buffer(wrong)).onFailure(e -> {}));
    endsWith(Outcome.BAD_ANSWER, caller());
  }

  @Test
  void redirectsAreNotFollowed() {
    backend.answers(
        request ->
            request
                .response()
                .setStatusCode(307)
                .putHeader("location", backend.url() + "/elsewhere")
                .end()
                .onFailure(e -> {}));
    endsWith(Outcome.REJECTED, caller());
    assertThat(backend.received()).extracting(Backend.Received::path).containsExactly("/messages");
  }

  @Test
  void aServiceThatHangsIsGivenUpAndTheConnectionIsCut() {
    Promise<Void> cut = Promise.promise();
    backend.answers(request -> request.connection().closeHandler(cut::complete));
    endsWith(Outcome.TIMEOUT, caller());
    TestNode.await(cut.future());
  }

  @Test
  void aServiceThatHangsInTheMiddleOfItsAnswerIsGivenUp() {
    backend.answers(
        request -> request.response().setChunked(true).write("{\"a\":").onFailure(e -> {}));
    endsWith(Outcome.TIMEOUT, caller());
  }

  @Test
  void aConnectionThatBreaksBeforeTheAnswerIsToldApart() {
    backend.answers(request -> request.connection().close().onFailure(e -> {}));
    endsWith(Outcome.BROKEN, caller());
  }

  @Test
  void aConnectionThatBreaksInTheMiddleOfTheAnswerIsToldApart() {
    backend.answers(
        request ->
            request
                .response()
                .putHeader("content-length", "100")
                .write("{\"a\":")
                .onSuccess(v -> request.connection().close().onFailure(e -> {})));
    endsWith(Outcome.BROKEN, caller());
  }

  @Test
  void nobodyThereIsUnreachable() throws Exception {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    URI nowhere = URI.create("http://127.0.0.1:" + free + "/");
    endsWith(Outcome.UNREACHABLE, caller(settings(nowhere, null, 8, 8, PATIENT)));
  }

  @Test
  void anAnswerThatDeclaresTooMuchIsRefused() {
    backend.answers(200, "\"" + "x".repeat(1_023) + "\"");
    endsWith(Outcome.TOO_LARGE, caller());
  }

  @Test
  void anAnswerThatDoesNotEndIsCutAtTheBound() {
    Promise<Void> cut = Promise.promise();
    backend.answers(
        request -> {
          request.connection().closeHandler(cut::complete);
          request.response().setChunked(true);
          vertx.setPeriodic(
              1,
              id -> {
                boolean ended = cut.future().isComplete();
                if (ended) {
                  vertx.cancelTimer(id);
                } else {
                  request.response().write("x".repeat(100)).onFailure(e -> {});
                }
              });
        });
    endsWith(Outcome.TOO_LARGE, caller());
    TestNode.await(cut.future());
  }

  @Test
  void anAnswerAtTheBoundIsTaken() {
    String most = "\"" + "x".repeat(1_022) + "\"";
    backend.answers(200, most);
    assertThat(TestNode.await(ask(caller())).data().text()).isEqualTo(most);
  }

  @Test
  void sendIsAnEventWithoutAMethodAndItsAnswerMeansNothing() {
    backend.answers(202, "thank you");
    Future<ServiceAnswer> sent = caller().send(DATA, ANN);
    assertThat(TestNode.await(sent).isError()).isFalse();
    Backend.Received request = backend.received().get(0);
    assertThat(request.headers().get("ce-type")).isEqualTo("io.tidegate.send");
    assertThat(request.headers().contains("ce-subject")).isFalse();
    assertThat(request.body().getBytes(UTF_8)).isEqualTo(DATA.bytes());
  }

  @Test
  void aCertificateHasToBeTrustedAndOfTheHost() throws Exception {
    Pems.certificate(directory, "good", "RSA");
    Path certificate = directory.resolve("good.pem");
    var tls =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(certificate.toString())
                    .setKeyPath(directory.resolve("good.key").toString()));
    try (var secure = new Backend(tls)) {
      URI named = secure.url("localhost");
      ServiceCaller trusting = caller(settings(named, certificate, 8, 8, PATIENT));
      assertThat(TestNode.await(ask(trusting)).data().text()).isEqualTo("{}");
      endsWith(Outcome.UNREACHABLE, caller(settings(named, null, 8, 8, PATIENT)));
      URI other = secure.url("127.0.0.1");
      assertThat(outcome(ask(caller(settings(other, certificate, 8, 8, PATIENT)))))
          .isEqualTo(Outcome.UNREACHABLE);
      assertThat(secure.received()).hasSize(1);
    }
  }

  @Test
  void aRouteToNobodyIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> services(new ServicesSettings(List.of(), Map.of("*", "x"), null, 1)))
        .withMessage("service: 'x' (expected: one of services)");
  }
}
