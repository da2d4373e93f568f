package io.tidegate.gateway.api;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Several commands in one call, each as if it had come alone; batches are not nested. What one
 * batch can make the node do is bounded: the commands, a broadcast counted by its channels, and the
 * size of all answers together.
 */
final class Batch {
  static final int MAX_COMMANDS = 1_000;
  static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;
  private static final int AT_ONCE = 16;

  private static final Field<List<Params>> COMMANDS =
      Field.notEmpty(
          Field.objects(
              "commands",
              MAX_COMMANDS,
              "Commands, each an object with a method's name over its arguments, such as"
                  + " {\"publish\":{\"channel\":\"news\",\"data\":1}}. A broadcast counts as many as"
                  + " it has channels."));
  private static final Field<Boolean> PARALLEL =
      Field.flag("parallel", "Whether commands may overtake each other; else one by one.");

  private final Map<String, ApiMethod> methods;
  private final Metrics metrics;

  /** {@code methods} are those that a batch may hold. */
  Batch(Map<String, ApiMethod> methods, Metrics metrics) {
    this.methods = Map.copyOf(methods);
    this.metrics = metrics;
  }

  ApiMethod method() {
    JsonBody reply = Schema.byName(Schema.object(Map.of()));
    return new ApiMethod(
        "batch",
        "Does several commands; one that fails does not stop the others.",
        List.of(COMMANDS, PARALLEL),
        Schema.required("replies", Schema.array(reply)),
        ApiMethod.Envelope.NONE,
        this::run);
  }

  /** One reply per command, in their order: {@code {METHOD: result}} or {@code {"error"}}. */
  private Future<JsonBody> run(ApiCaller caller, Params params, Patience patience) {
    List<Params> commands = COMMANDS.of(params);
    boolean parallel = PARALLEL.of(params);
    if (commands.stream().mapToInt(Batch::steps).sum() > MAX_COMMANDS) {
      metrics.limitHit("api_batch");
      throw ApiException.badRequest(
          "commands",
          "at most " + MAX_COMMANDS + " in all, a broadcast counted as many as it has channels");
    }
    var replies = new Replies();
    return InOrder.map(
            commands,
            parallel ? AT_ONCE : 1,
            command ->
                reply(caller, command, patience, replies)
                    .map(reply -> replies.admit(reply, steps(command))))
        .map(
            all ->
                json -> {
                  json.writeArrayFieldStart("replies");
                  for (Payload reply : all) {
                    json.writeRawValue(reply.text());
                  }
                  json.writeEndArray();
                });
  }

  private Future<JsonBody> reply(
      ApiCaller caller, Params command, Patience patience, Replies replies) {
    return Future.succeededFuture(command)
        .compose(
            next -> {
              if (patience.isOver()) {
                throw Patience.notBegun();
              }
              replies.requireRoom();
              return run(caller, next, nameOf(next), patience);
            })
        .recover(failure -> Future.succeededFuture(ApiError.of(failure).body()));
  }

  private Future<JsonBody> run(ApiCaller caller, Params command, String name, Patience patience) {
    ApiMethod method = methods.get(name);
    if (method == null) {
      throw new ApiException(ErrorCode.METHOD_NOT_FOUND, "commands (expected: methods, no batch)");
    }
    Params arguments = command.object(name);
    if (arguments == null) {
      throw ApiException.badRequest(name, "an object");
    }
    return method.run(caller, arguments, patience).map(result -> JsonBody.under(name, result));
  }

  private static String nameOf(Params command) {
    Set<String> names = command.names();
    if (names.size() != 1) {
      throw ApiException.badRequest("commands", "one method in each");
    }
    return names.iterator().next();
  }

  /** As how many a command counts; one that is none is answered so in its place. */
  private static int steps(Params command) {
    try {
      Params broadcast = command.object(Publishing.BROADCAST);
      return broadcast == null ? 1 : Math.max(1, Publishing.channels(broadcast));
    } catch (ApiException e) {
      return 1;
    }
  }

  /** The answers, as bytes as soon as they come: their objects may be many times as large. */
  private final class Replies {
    /** What each step may answer in any case: nothing that was done goes without its position. */
    private static final int STEP_BYTES = 4 * 1024;

    private int left = MAX_ANSWER_BYTES;
    private boolean full;

    void requireRoom() {
      if (full) {
        throw tooLong("not begun, because those before it have as much");
      }
    }

    Payload admit(JsonBody body, int steps) {
      Payload reply = body.toPayload();
      if (reply.length() <= steps * STEP_BYTES) {
        return reply;
      }
      if (reply.length() <= left) {
        left -= reply.length();
        return reply;
      }
      if (!full) {
        full = true;
        metrics.limitHit("api_batch");
      }
      return ApiError.of(tooLong("this one was done, and its answer is left out"))
          .body()
          .toPayload();
    }

    private static ApiException tooLong(String what) {
      return new ApiException(
          ErrorCode.LIMIT_EXCEEDED,
          "answers (expected: at most " + MAX_ANSWER_BYTES + " bytes in a batch); " + what);
    }
  }
}
