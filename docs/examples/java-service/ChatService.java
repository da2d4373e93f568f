import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.client.BackplaneClient;
import io.tidegate.backplane.client.ClientException;
import io.tidegate.backplane.client.PublishOptions;
import io.tidegate.backplane.hazelcast.HazelcastNode;
import io.tidegate.backplane.hazelcast.HazelcastSettings;
import io.tidegate.backplane.redis.RedisNode;
import io.tidegate.backplane.redis.RedisSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * The service "chat": takes chat.say and chat.who, and nothing else. CLUSTER is the gateways' {@code
 * backplane.cluster}; REDIS is the URI of their server, or MEMBERS are some of them on the grid.
 */
public final class ChatService {
  private final BackplaneClient client;

  private ChatService(BackplaneClient client) {
    this.client = client;
  }

  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    SecureRandom random = new SecureRandom();
    BackplaneClient client = BackplaneClient.over(vertx, node(vertx, random), random);
    ChatService service = new ChatService(client);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> client.close().toCompletionStage().toCompletableFuture().join()));
    client
        .start()
        .compose(
            started ->
                client.consume(
                    ConsumerSettings.of("chat"), delivery -> service.handle(delivery.message())))
        .onSuccess(consumption -> System.out.println("consuming"))
        .onFailure(
            failure -> {
              System.err.println("not started: " + failure.getMessage());
              System.exit(1);
            });
  }

  private static BackplaneNode node(Vertx vertx, SecureRandom random) {
    NodeInfo info =
        new NodeInfo(UUID.randomUUID().toString(), "chat", "1", System.currentTimeMillis());
    String cluster = System.getenv().getOrDefault("CLUSTER", "tidegate");
    String redis = System.getenv("REDIS");
    if (redis != null) {
      RedisSettings settings = RedisSettings.of(redis, cluster);
      return RedisNode.forService(
          vertx, settings, info, System::nanoTime, random, BackplaneMetrics.NONE);
    }
    List<String> members = List.of(System.getenv("MEMBERS").split(","));
    HazelcastSettings settings =
        new HazelcastSettings(
            cluster, "127.0.0.1", 5751, 50, members, 1, Duration.ofSeconds(5), 10_000);
    return HazelcastNode.forService(
        vertx, settings, info, Clock.systemUTC(), System::nanoTime, random, BackplaneMetrics.NONE);
  }

  /** A future that fails gives the message back, and it comes again; an error is an answer. */
  private Future<ServiceAnswer> handle(ServiceMessage message) {
    try {
      switch (message.method()) {
        case "chat.say":
          return say(message, new JsonObject(message.data().text())).recover(this::refused);
        case "chat.who":
          return who(new JsonObject(message.data().text())).recover(this::refused);
        default:
          return Future.succeededFuture(ServiceAnswer.error(404, "no such method"));
      }
    } catch (RuntimeException notTheObjectThatWeExpect) {
      return Future.succeededFuture(ServiceAnswer.error(400, "bad arguments"));
    }
  }

  private Future<ServiceAnswer> say(ServiceMessage message, JsonObject wish) {
    JsonObject said =
        new JsonObject()
            .put("from", message.client().user())
            .put("text", wish.getString("text"));
    // The message may come twice. Its id makes that one publication.
    PublishOptions options = PublishOptions.DEFAULTS.idempotencyKey(message.id());
    return client
        .publish(wish.getString("room"), Payload.utf8(said.encode()), options)
        .map(position -> answer(new JsonObject().put("offset", position.offset())));
  }

  private Future<ServiceAnswer> who(JsonObject wish) {
    return client
        .presence(wish.getString("room"))
        .map(
            members -> {
              JsonArray users = new JsonArray();
              members.values().forEach(member -> users.add(member.user()));
              return answer(new JsonObject().put("users", users));
            });
  }

  private Future<ServiceAnswer> refused(Throwable failure) {
    return failure instanceof ClientException
        ? Future.succeededFuture(ServiceAnswer.error(422, failure.getMessage()))
        : Future.failedFuture(failure);
  }

  private static ServiceAnswer answer(JsonObject data) {
    return ServiceAnswer.of(Payload.utf8(data.encode()));
  }
}
