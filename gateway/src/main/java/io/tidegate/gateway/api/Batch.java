package io.tidegate.gateway.api;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Several commands in one call, each as if it had come alone; batches are not nested. */
final class Batch {
  static final int MAX_COMMANDS = 1_000;
  private static final int AT_ONCE = 64;

  private static final Field<List<Params>> COMMANDS =
      Field.objects(
          "commands",
          MAX_COMMANDS,
          "Commands, each an object with a method's name over its arguments, such as"
              + " {\"publish\":{\"channel\":\"news\",\"data\":1}}.");
  private static final Field<Boolean> PARALLEL =
      Field.flag("parallel", "Whether commands may overtake each other; else one by one.");

  private final Map<String, ApiMethod> methods;

  /** {@code methods} are those that a batch may hold. */
  Batch(Map<String, ApiMethod> methods) {
    this.methods = Map.copyOf(methods);
  }

  ApiMethod method() {
    JsonBody reply = Schema.byName(Schema.object(Map.of()));
    return new ApiMethod(
        "batch",
        "Does several commands; one that fails does not stop the others.",
        List.of(COMMANDS, PARALLEL),
        Schema.object(Map.of("replies", Schema.array(reply))),
        ApiMethod.Envelope.NONE,
        this::run);
  }

  /** One reply per command, in their order: {@code {METHOD: result}} or {@code {"error"}}. */
  private Future<JsonBody> run(ApiCaller caller, Params params) {
    List<Params> commands = COMMANDS.of(params);
    if (commands.isEmpty()) {
      throw ApiException.badRequest("commands", "at least one");
    }
    int atOnce = PARALLEL.of(params) ? AT_ONCE : 1;
    return InOrder.map(commands, atOnce, command -> reply(caller, command))
        .map(replies -> json -> JsonBody.writeArray(json, "replies", replies));
  }

  private Future<JsonBody> reply(ApiCaller caller, Params command) {
    Future<JsonBody> done;
    try {
      done = run(caller, command, nameOf(command));
    } catch (ApiException e) {
      done = Future.failedFuture(e);
    }
    return done.recover(failure -> Future.succeededFuture(ApiError.of(failure).body()));
  }

  private Future<JsonBody> run(ApiCaller caller, Params command, String name) {
    ApiMethod method = methods.get(name);
    if (method == null) {
      throw new ApiException(ErrorCode.METHOD_NOT_FOUND, "commands (expected: methods, no batch)");
    }
    Params arguments = command.object(name);
    if (arguments == null) {
      throw ApiException.badRequest(name, "an object");
    }
    return method.run(caller, arguments).map(result -> JsonBody.under(name, result));
  }

  private static String nameOf(Params command) {
    Set<String> names = command.names();
    if (names.size() != 1) {
      throw ApiException.badRequest("commands", "one method in each");
    }
    return names.iterator().next();
  }
}
