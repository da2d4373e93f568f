package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A client that follows one channel of numbered publications as docs/protocol.md tells it to:
 * subscribes again with its position where it is asked to, and can go on at another node.
 */
final class Follower implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String user;
  private final String channel;
  private final List<JsonObject> before;
  private final TestClient client;

  /** Where a client connects to: a node, or a balancer in front of nodes. */
  record Entrance(URI uri, TestClient.Options options) {}

  private Follower(
      Entrance entrance,
      String user,
      String channel,
      List<JsonObject> before,
      JsonObject position) {
    this.user = user;
    this.channel = channel;
    this.before = before;
    this.client = TestClient.open(entrance.uri(), entrance.options(), TestTokens.of(user));
    subscribe(position);
  }

  static Follower of(GatewayProcess node, String user, String channel) {
    return of(at(node), user, channel);
  }

  static Follower of(Entrance entrance, String user, String channel) {
    return new Follower(entrance, user, channel, List.of(), new JsonObject());
  }

  private static Entrance at(GatewayProcess node) {
    return new Entrance(node.uri(), TestClient.Options.PLAIN);
  }

  /** Drops the connection if it is there still, and goes on from the last position elsewhere. */
  Follower resume(GatewayProcess node) {
    return resume(at(node));
  }

  Follower resume(Entrance entrance) {
    client.close();
    return new Follower(entrance, user, channel, publications(), position());
  }

  /** The id of the node that this connection is to. */
  String node() {
    return client
        .awaitMessage(message -> message.containsKey("connect"))
        .getJsonObject("connect")
        .getString("node");
  }

  TestClient client() {
    return client;
  }

  /** Whether everything that was missed came with each subscribe of this connection. */
  boolean recovered() {
    return replies()
        .filter(reply -> reply.getBoolean("was_recovering", false))
        .allMatch(reply -> reply.getBoolean("recovered", false));
  }

  String epoch() {
    return lastReply().getString("epoch");
  }

  /** What was seen so far, over all connections. */
  List<Integer> numbers() {
    return publications().stream().map(p -> p.getJsonObject("data").getInteger("n")).toList();
  }

  /** Waits for the last number, and requires that all came once and in order. */
  void awaitNumbers(int last) {
    await(user + " in " + channel)
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              subscribeAgainWhereAsked();
              assertThat(numbers()).endsWith(last);
            });
    assertThat(numbers())
        .as("numbers seen by " + user)
        .isEqualTo(IntStream.rangeClosed(1, last).boxed().toList());
    assertThat(recovered()).as("recovered").isTrue();
  }

  /** Users that came or left, in the order in which this client was told. */
  List<String> told(String kind) {
    return client.pushes(channel, kind).stream()
        .map(push -> push.getJsonObject("info").getString("user"))
        .toList();
  }

  @Override
  public void close() {
    client.close();
  }

  private void subscribeAgainWhereAsked() {
    List<JsonObject> asked = client.pushes(channel, "unsubscribe");
    if (replies().count() == asked.size()) {
      assertThat(asked.get(asked.size() - 1).getInteger("code")).isEqualTo(2500);
      subscribe(position());
    }
  }

  private void subscribe(JsonObject position) {
    JsonObject wish =
        position
            .put("channel", channel)
            .put("positioned", true)
            .put("recoverable", true)
            .put("join_leave", true);
    assertThat(client.command("subscribe", wish).getJsonObject("error")).isNull();
  }

  private JsonObject position() {
    List<JsonObject> seen = publications();
    long offset =
        seen.isEmpty()
            ? lastReply().getLong("offset", 0L)
            : seen.get(seen.size() - 1).getLong("offset");
    return new JsonObject().put("recover", true).put("epoch", epoch()).put("offset", offset);
  }

  private JsonObject lastReply() {
    return replies().reduce((first, second) -> second).orElseThrow();
  }

  private Stream<JsonObject> replies() {
    return client.messages().stream()
        .filter(message -> message.containsKey("subscribe"))
        .map(message -> message.getJsonObject("subscribe"));
  }

  // In the order in which they came, be it in a reply or as a push.
  private List<JsonObject> publications() {
    return Stream.concat(before.stream(), client.messages().stream().flatMap(this::publications))
        .toList();
  }

  private Stream<JsonObject> publications(JsonObject message) {
    if (message.containsKey("subscribe")) {
      return message
          .getJsonObject("subscribe")
          .getJsonArray("publications", new JsonArray())
          .stream()
          .map(JsonObject.class::cast);
    }
    JsonObject push = message.getJsonObject("push", new JsonObject());
    return push.containsKey("pub") && channel.equals(push.getString("channel"))
        ? Stream.of(push.getJsonObject("pub"))
        : Stream.empty();
  }
}
