package io.tidegate.gateway.session;

import static io.tidegate.gateway.session.CodeScenes.close;
import static io.tidegate.gateway.session.CodeScenes.closeOf;
import static io.tidegate.gateway.session.CodeScenes.connect;
import static io.tidegate.gateway.session.CodeScenes.error;
import static io.tidegate.gateway.session.CodeScenes.expired;
import static io.tidegate.gateway.session.CodeScenes.limits;
import static io.tidegate.gateway.session.CodeScenes.loseHistory;
import static io.tidegate.gateway.session.CodeScenes.node;
import static io.tidegate.gateway.session.CodeScenes.options;
import static io.tidegate.gateway.session.CodeScenes.ping;
import static io.tidegate.gateway.session.CodeScenes.sent;
import static io.tidegate.gateway.session.CodeScenes.stopStore;
import static io.tidegate.gateway.session.CodeScenes.unsubscribed;
import static io.tidegate.gateway.session.CodeScenes.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.UnsubscribeCode;
import io.tidegate.gateway.testing.ClientFrames;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestNode;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every row of the three tables of codes, produced once. A row that is new does not compile until
 * it is produced here, or named as one that no client gets.
 */
final class CodesIT {
  private static final Path DOCUMENT = Path.of("../docs/protocol.md");
  private static final String CHANNEL = "{\"channel\":\"%s\"}";

  @ParameterizedTest
  @EnumSource
  void errorIsAnswered(ErrorCode error) {
    assertThat(answered(error)).isEqualTo(error.code());
  }

  @ParameterizedTest
  @EnumSource
  void subscriptionIsEnded(UnsubscribeCode code) {
    assertThat(ended(code)).isEqualTo(code.code());
  }

  @ParameterizedTest
  @EnumSource
  void connectionIsClosed(CloseCode code) throws IOException {
    assertThat(closed(code)).isEqualTo(code.code());
  }

  private static int answered(ErrorCode error) {
    return switch (error) {
      case INTERNAL ->
          with(
              node(),
              (node, ann) -> {
                stopStore(node);
                return error(ann, "publish", "{\"channel\":\"a\",\"data\":1}");
              });
      case UNAUTHORIZED -> error("refresh", "{\"token\":\"x.y.z\"}");
      case UNKNOWN_CHANNEL -> error("subscribe", CHANNEL.formatted("nowhere:1"));
      case PERMISSION_DENIED -> error("subscribe", CHANNEL.formatted("closed:1"));
      case METHOD_NOT_FOUND -> error("dance", "{}");
      case ALREADY_SUBSCRIBED ->
          with(
              node(),
              (node, ann) -> {
                ann.command("subscribe", new JsonObject().put("channel", "a"));
                return error(ann, "subscribe", CHANNEL.formatted("a"));
              });
      case LIMIT_EXCEEDED ->
          with(
              node(options().limits(limits(1, 200))),
              (node, ann) -> {
                ann.command("subscribe", new JsonObject().put("channel", "a"));
                return error(ann, "subscribe", CHANNEL.formatted("b"));
              });
      case BAD_REQUEST -> error("subscribe", "{}");
      case NOT_AVAILABLE -> error("rpc", "{\"method\":\"m\",\"data\":1}");
      case TOKEN_EXPIRED ->
          error(
              "subscribe",
              "{\"channel\":\"closed:1\",\"token\":\"%s\"}".formatted(expired("closed:1")));
      case EXPIRED ->
          with(
              node(),
              (node, ann) -> {
                ann.command(
                    "subscribe",
                    new JsonObject().put("channel", "a").put("token", CodeScenes.ending("a")));
                return error(
                    ann,
                    "sub_refresh",
                    "{\"channel\":\"a\",\"token\":\"%s\"}".formatted(expired("a")));
              });
      case TOO_MANY_REQUESTS ->
          with(
              node(options().limits(CodeScenes.slow(100))),
              (node, ann) -> {
                ping(ann, 20);
                return CodeScenes.codeOf(ann.awaitMessage(m -> m.containsKey("error")));
              });
      case UNRECOVERABLE_POSITION ->
          error(
              "history",
              "{\"channel\":\"a\",\"limit\":1,\"since\":{\"offset\":1,\"epoch\":\"elsewhere\"}}");
      case CONCURRENT_PAGINATION -> CodeScenes.secondPage();
    };
  }

  private static int ended(UnsubscribeCode code) {
    return switch (code) {
      case SERVER, STATE_INVALIDATED ->
          unsubscribed(node -> CodeScenes.unsubscribe(node, "a", code));
      case INSUFFICIENT_STATE -> unsubscribed(CodeScenes::loseHistory);
      // Its 25 seconds of grace are better turned by hand.
      case EXPIRED ->
          seen(code.code(), ExpiryTest.class, "afterTheGraceTheClientIsToldToSubscribeAgain");
    };
  }

  private static int closed(CloseCode code) throws IOException {
    return switch (code) {
      case NORMAL -> closeOf(ClientFrames.close(1000, ""));
      case PROTOCOL_ERROR -> closeOf(ClientFrames.frame(ClientFrames.FIN | 3, new byte[0]));
      case INVALID_DATA ->
          closeOf(
              ClientFrames.frame(ClientFrames.FIN | ClientFrames.TEXT, new byte[] {(byte) 0xff}));
      case TOO_MANY_FRAGMENTS -> closeOf(CodeScenes.fragments(1_100));
      case MESSAGE_TOO_BIG ->
          closeOf(
              ClientFrames.frame(ClientFrames.FIN | ClientFrames.TEXT, 16, 40_000, new byte[0]));
      case INVALID_COMPRESSION ->
          closeOf(
              ClientFrames.frame(
                  ClientFrames.FIN | ClientFrames.RSV1 | ClientFrames.TEXT,
                  ClientFrames.hex("06")));
      case SLOW -> seen(code.code(), LimitsIT.class, "slowConsumerIsClosedAndOthersStillReceive");
      case UNSUPPORTED_DATA, CONNECTION_CLOSED, WRITE_ERROR -> neverSent(code.code());
      case SHUTDOWN -> close(node -> TestNode.await(node.sessions().drain(code, 0).map(0)));
      case FORCE_RECONNECT -> close(node -> TestNode.await(node.sessions().closeAll(code).map(0)));
      case FORCE_DISCONNECT, STATE_INVALIDATED ->
          close(
              node ->
                  TestNode.await(
                      node.sessions()
                          .each(
                              s -> true,
                              s -> {
                                s.disconnect(code.code(), code.reason());
                                return Future.succeededFuture();
                              })));
      case SERVER_ERROR ->
          CodeScenes.refused(
              CodeScenes::stopStore, new JsonObject().put("channels", new JsonArray().add("a")));
      case CHANNEL_LIMIT ->
          CodeScenes.refused(
              node -> 0,
              new JsonObject()
                  .put("channels", new JsonArray(Arrays.asList("abcdefghijklmnopq".split("")))));
      case INAPPROPRIATE_PROTOCOL ->
          CodeScenes.refused(
              node -> 0, new JsonObject().put("channels", new JsonArray().add("bytes:1")));
      case INVALID_TOKEN -> connect("{\"id\":1,\"connect\":{\"token\":\"x.y.z\"}}");
      case BAD_REQUEST -> connect("hello");
      case STALE -> connect("");
      case EXPIRED -> sent("refresh", "{\"token\":\"%s\"}".formatted(CodeScenes.over()));
      case NOT_AVAILABLE -> sent("send", "{\"data\":1}");
      case SUBSCRIPTION_EXPIRED ->
          close(
              node ->
                  TestNode.await(
                      node.sessions()
                          .each(s -> true, s -> s.subscribe("made", almostOver(), null))));
      case INSUFFICIENT_STATE ->
          close(
              node -> {
                int made =
                    TestNode.await(
                        node.sessions()
                            .each(
                                s -> true, s -> s.subscribe("a", SubscriptionOptions.NONE, null)));
                assertThat(made).isEqualTo(1);
                return loseHistory(node);
              });
      case NO_PONG -> CodeScenes.silent();
      case TOO_MANY_REQUESTS ->
          with(
              node(options().limits(CodeScenes.slow(3))),
              (node, ann) -> {
                ping(ann, 20);
                return ann.awaitClose();
              });
      case TOO_MANY_ERRORS ->
          with(
              node(options().limits(limits(16, 3))),
              (node, ann) -> {
                for (int i = 0; i < 3; i++) {
                  ann.send("dance", new JsonObject());
                }
                return ann.awaitClose();
              });
      case CONNECTION_LIMIT ->
          with(
              node(options().personal(new PersonalChannel("", true))),
              (node, ann) -> {
                try (TestClient again = TestClient.open(node.uri(), TestTokens.of("ann"))) {
                  int closed = ann.awaitClose();
                  return again.isClosed() ? 0 : closed;
                }
              });
      case PERMISSION_DENIED -> CodeScenes.withoutItsSubscription();
    };
  }

  /** A subscription in the last half second of its grace. */
  private static SubscriptionOptions almostOver() {
    long end = System.currentTimeMillis() - Duration.ofMillis(24_500).toMillis();
    return new SubscriptionOptions(null, null, end, SubscriptionOptions.Overrides.NONE);
  }

  /** What another test produces, since it takes more than a scene. */
  private static int seen(int code, Class<?> test, String method) {
    assertThat(Arrays.stream(test.getDeclaredMethods()).map(m -> m.getName())).contains(method);
    return code;
  }

  private static int neverSent(int code) throws IOException {
    assertThat(Files.readAllLines(DOCUMENT))
        .filteredOn(line -> line.startsWith("Never in a close frame: "))
        .singleElement()
        .asString()
        .contains(" " + code);
    return code;
  }
}
