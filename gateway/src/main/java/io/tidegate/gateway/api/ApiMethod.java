package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.protocol.ErrorCode;
import io.vertx.core.Future;
import java.util.List;

/**
 * One method of the server API.
 *
 * @param about one sentence, for the OpenAPI document
 * @param fields all that it reads: other arguments never reach it
 * @param result schema of what it answers
 */
record ApiMethod(
    String name,
    String about,
    List<Field<?>> fields,
    JsonBody result,
    Envelope envelope,
    LongCall call) {

  ApiMethod {
    requireNonNull(name, "name");
    requireNonNull(about, "about");
    fields = List.copyOf(fields);
  }

  /** A method that answers {@code {"result": ...}}. */
  ApiMethod(String name, String about, List<Field<?>> fields, JsonBody result, Call call) {
    this(
        name,
        about,
        fields,
        result,
        Envelope.RESULT,
        (caller, params, patience) -> call.call(caller, params));
  }

  /** What stands around the fields of an answer. */
  enum Envelope {
    RESULT,
    NONE
  }

  /** What it does: arguments in, the answer's fields out. */
  @FunctionalInterface
  interface Call {
    /**
     * Does it. Fails with {@link ApiException} or {@link io.tidegate.backplane.BackplaneException};
     * bad arguments may also be thrown as the former.
     */
    Future<JsonBody> call(ApiCaller caller, Params params);
  }

  /** What a method of several steps does: as {@link Call}, for as long as there is patience. */
  @FunctionalInterface
  interface LongCall {
    Future<JsonBody> call(ApiCaller caller, Params params, Patience patience);
  }

  /** The answer's fields, without what stands around them. Never throws. */
  Future<JsonBody> run(ApiCaller caller, Params params, Patience patience) {
    if (!caller.mayCall(name)) {
      return Future.failedFuture(
          new ApiException(ErrorCode.PERMISSION_DENIED, "the key is not for " + name));
    }
    return Future.succeededFuture(params)
        .compose(all -> call.call(caller, all.only(fields), patience));
  }

  /** The answer's whole body. */
  Future<JsonBody> answer(ApiCaller caller, Params params, Patience patience) {
    Future<JsonBody> fields = run(caller, params, patience);
    return envelope == Envelope.RESULT ? fields.map(JsonBody::result) : fields;
  }
}
