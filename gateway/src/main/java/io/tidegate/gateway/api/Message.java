package io.tidegate.gateway.api;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is the same for all channels of one call that publishes. */
record Message(
    Body body, boolean skipHistory, Map<String, String> tags, @Nullable String idempotencyKey) {
  static final int MAX_TAGS = 32;
  static final int MAX_TAG_BYTES = 256;

  private static final Field<Map<String, String>> TAGS =
      Field.textByName("tags", MAX_TAGS, MAX_TAG_BYTES, "Shown to subscribers.");
  private static final Field<String> KEY =
      Field.text(
          "idempotency_key",
          Params.NAME_BYTES,
          "A second publish to the channel with this key appends nothing and answers the first one's"
              + " position.");
  private static final Field<Boolean> SKIP_HISTORY =
      Field.flag("skip_history", "Refused where the namespace keeps history.");
  private static final Field<Boolean> DELTA = Field.flag("delta", "Accepted, and ignored.");
  private static final Field<Long> VERSION =
      Field.integer("version", 0, 0, Long.MAX_VALUE, "Refused unless 0.");
  private static final Field<String> VERSION_EPOCH =
      Field.text("version_epoch", Params.NAME_BYTES, "Refused unless empty.");

  static List<Field<?>> fieldsAnd(Field<?> where, Field<?> last) {
    var fields = new ArrayList<Field<?>>(List.of(where));
    fields.addAll(Body.FIELDS);
    fields.addAll(List.of(TAGS, KEY, SKIP_HISTORY, DELTA, VERSION, VERSION_EPOCH, last));
    return fields;
  }

  static Message of(Params params) {
    Message message =
        new Message(Body.of(params), SKIP_HISTORY.of(params), TAGS.of(params), KEY.in(params));
    boolean ignored = DELTA.of(params);
    if (VERSION.of(params) > 0 || VERSION_EPOCH.in(params) != null) {
      throw new ApiException(
          ErrorCode.NOT_AVAILABLE, "version (expected: none, since streams have no versions)");
    }
    return message;
  }

  PublishRequest to(String channel, Namespace namespace) {
    if (skipHistory && namespace.stream().historySize() > 0) {
      throw new ApiException(
          ErrorCode.NOT_AVAILABLE,
          "skip_history (expected: false, since a hole in the history would break recovery)");
    }
    Payload data = namespace.json() ? body.json() : body.bytes();
    return new PublishRequest(channel, data, namespace.stream(), null, tags, idempotencyKey);
  }
}
