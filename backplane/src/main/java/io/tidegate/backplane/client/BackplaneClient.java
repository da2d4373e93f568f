package io.tidegate.backplane.client;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneNode;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a backend service does with the cluster: publish, read presence and history, and consume
 * what clients send it. Publishing and reading go through a gateway, since the namespaces are
 * configured there; one that does not answer is passed over for another, under the same idempotency
 * key, so that a publish is appended once.
 *
 * <p>Thread-safe, and never blocks. Futures complete on the Vert.x context that they were asked on.
 * Handlers are called on the context that {@link #consume} was called on, and must not block it.
 *
 * <p>A call completes within the client's deadline. Its future fails with
 *
 * <ul>
 *   <li>{@link ClientException} when a gateway refuses it: repeating does not help;
 *   <li>{@link BackplaneException} when none could say by the deadline: {@code INDETERMINATE} where
 *       a publish may have been done, {@code UNAVAILABLE} or {@code OVERLOADED} where nothing was,
 *       {@code CLOSED} when this client is not open.
 * </ul>
 */
public final class BackplaneClient {
  /** Long enough for a gateway to die and for another to answer. */
  public static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Calls under way at most; one more fails with {@code OVERLOADED}. */
  public static final int CALLS_AT_MOST = 4_096;

  private static final int KEY_BYTES = 16;

  private final VertxInternal vertx;
  private final Context context;
  private final BackplaneNode node;
  private final Duration deadline;
  private final RandomGenerator random;
  private final Set<Question<?>> questions = ConcurrentHashMap.newKeySet();
  private final Set<Consumption> consumptions = ConcurrentHashMap.newKeySet();
  private volatile boolean open;

  private BackplaneClient(
      Vertx vertx, BackplaneNode node, Duration deadline, RandomGenerator random) {
    this.vertx = (VertxInternal) requireNonNull(vertx, "vertx");
    this.context = this.vertx.createEventLoopContext();
    this.node = requireNonNull(node, "node");
    this.deadline = requireNonNull(deadline, "deadline");
    this.random = requireNonNull(random, "random");
    if (deadline.toMillis() < 1) {
      throw new IllegalArgumentException("deadline: " + deadline + " (expected: > 0)");
    }
  }

  /**
   * Makes a client that is not started yet, with {@link #DEADLINE}.
   *
   * @param serviceNode in {@linkplain BackplaneNode service mode} and not started; the client
   *     starts and closes it
   * @param random thread-safe and unpredictable: idempotency keys are drawn from it
   */
  public static BackplaneClient over(
      Vertx vertx, BackplaneNode serviceNode, RandomGenerator random) {
    return over(vertx, serviceNode, DEADLINE, random);
  }

  /** As {@link #over(Vertx, BackplaneNode, RandomGenerator)}, with another deadline. */
  public static BackplaneClient over(
      Vertx vertx, BackplaneNode serviceNode, Duration deadline, RandomGenerator random) {
    return new BackplaneClient(vertx, serviceNode, deadline, random);
  }

  /** Connects; as long as the node's own start takes. Once only. */
  public Future<Void> start() {
    return node.start(
            new NoListener(),
            command -> Future.failedFuture(new IllegalStateException("a service is not asked")))
        .onSuccess(started -> open = true);
  }

  /** {@link #publish(String, Payload, PublishOptions)} with {@link PublishOptions#DEFAULTS}. */
  public Future<StreamPosition> publish(String channel, Payload data) {
    return publish(channel, data, PublishOptions.DEFAULTS);
  }

  /**
   * Publishes, and answers the publication's position.
   *
   * @param data one JSON value, in namespaces of JSON; any bytes in those of bytes
   */
  public Future<StreamPosition> publish(String channel, Payload data, PublishOptions options) {
    String key = options.idempotencyKey();
    // Base64, so that whatever the bytes are, they are the data and nothing else.
    JsonObject params =
        new JsonObject()
            .put("channel", channel)
            .put("b64data", Base64.getEncoder().encodeToString(data.bytes()))
            .put("idempotency_key", key == null ? newKey() : key);
    if (!options.tags().isEmpty()) {
      params.put("tags", new JsonObject(Map.copyOf(options.tags())));
    }
    return call("publish", params, Answers::position, true);
  }

  /** The members of {@code channel} by client id. */
  public Future<Map<String, ClientInfo>> presence(String channel) {
    return call("presence", new JsonObject().put("channel", channel), Answers::members, false);
  }

  /** How many are in {@code channel}. */
  public Future<PresenceStats> presenceStats(String channel) {
    return call("presence_stats", new JsonObject().put("channel", channel), Answers::stats, false);
  }

  /**
   * Reads the history of {@code channel}. Data is JSON anew: the same value, though numbers may be
   * written in another way. A position that is none of the stream's is a {@link ClientException}
   * with code 112.
   */
  public Future<ChannelHistory> history(String channel, HistoryQuery query) {
    JsonObject params =
        new JsonObject()
            .put("channel", channel)
            .put("limit", query.limit())
            .put("reverse", query.reverse());
    StreamPosition since = query.since();
    if (since != null) {
      params.put(
          "since", new JsonObject().put("epoch", since.epoch()).put("offset", since.offset()));
    }
    return call("history", params, Answers::history, false);
  }

  /**
   * Hands what clients send to a service to {@code handler}, as {@link
   * io.tidegate.backplane.ServiceInbox} promises, until the consumption or this client is closed.
   */
  public Future<Consumption> consume(ConsumerSettings settings, ServiceHandler handler) {
    return node.inbox().consume(settings, handler).map(this::kept);
  }

  /**
   * Ends the consumptions, each within its lease, then the calls under way, then the node.
   * Idempotent.
   */
  public Future<Void> close() {
    List<Future<Void>> ending = consumptions.stream().map(Consumption::close).toList();
    return Future.join(ending)
        .<Void>mapEmpty()
        .eventually(
            () -> {
              open = false;
              Promise<Void> given = vertx.promise();
              context.runOnContext(
                  v -> {
                    questions.forEach(Question::giveUp);
                    given.complete();
                  });
              return given.future();
            })
        .otherwiseEmpty()
        .eventually(node::close);
  }

  private Consumption kept(Consumption consumption) {
    consumptions.add(consumption);
    return () -> {
      consumptions.remove(consumption);
      return consumption.close();
    };
  }

  private <T> Future<T> call(
      String method, JsonObject params, Function<JsonObject, T> result, boolean changes) {
    if (!open) {
      return Future.failedFuture(
          new BackplaneException(Reason.CLOSED, "the client is not started, or closed"));
    }
    // Threads that ask at the same moment may exceed the bound by their number.
    if (questions.size() >= CALLS_AT_MOST) {
      return Future.failedFuture(
          new BackplaneException(Reason.OVERLOADED, "too many calls are under way"));
    }
    JsonObject body = new JsonObject().put("method", method).put("params", params);
    var command = new NodeCommand("api", Payload.utf8(body.encode()));
    var question = new Question<>(vertx, context, node.cluster(), random, command, result, changes);
    questions.add(question);
    Promise<T> promise = vertx.promise();
    context.runOnContext(
        v ->
            question
                .ask(deadline)
                .onComplete(
                    done -> {
                      questions.remove(question);
                      promise.handle(done);
                    }));
    return promise.future();
  }

  private String newKey() {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    return HexFormat.of().formatHex(key);
  }
}
