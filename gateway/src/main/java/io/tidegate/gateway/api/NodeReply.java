package io.tidegate.gateway.api;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a node answers to another: what it found or to how many sessions it did it, or why not. */
final class NodeReply {
  private static final Field<Long> CODE =
      Field.integer("code", ErrorCode.INTERNAL.code(), 0, Integer.MAX_VALUE, "An error's code.");
  private static final Field<String> DETAIL =
      Field.text("detail", Integer.MAX_VALUE, "Behind the code's own text.");

  private NodeReply() {}

  /** The answer to other nodes; a failure that is no refusal stays one. */
  static Future<Payload> ofCount(Future<Integer> sessions) {
    return of(sessions.map(count -> json -> json.writeNumberField("sessions", count)));
  }

  /** The answer to other nodes; a failure that is no refusal stays one. */
  static Future<Payload> of(Future<JsonBody> found) {
    return found
        .map(NodeReply::encode)
        .recover(
            failure ->
                failure instanceof ApiException refusal
                    ? Future.succeededFuture(encode(refused(refusal)))
                    : Future.failedFuture(failure));
  }

  private static JsonBody refused(ApiException refusal) {
    return json -> {
      json.writeObjectFieldStart("refused");
      json.writeNumberField(CODE.name(), refusal.error().code());
      json.writeStringField(DETAIL.name(), refusal.detail());
      json.writeEndObject();
    };
  }

  private static Payload encode(JsonBody body) {
    return body.toPayload();
  }

  /** Why a node could not do it; absent where it did. */
  static @Nullable ApiException refusal(Payload answer) {
    try {
      Params refused = Params.parse(answer.bytes()).object("refused");
      return refused == null ? null : refusal(refused);
    } catch (NotJsonException e) {
      return new ApiException(ErrorCode.INTERNAL, "a node of another version");
    }
  }

  private static ApiException refusal(Params refused) {
    long code = CODE.of(refused);
    ErrorCode error =
        Arrays.stream(ErrorCode.values())
            .filter(known -> known.code() == code)
            .findFirst()
            .orElse(ErrorCode.INTERNAL);
    String detail = DETAIL.in(refused);
    return new ApiException(error, detail == null ? "" : detail);
  }
}
