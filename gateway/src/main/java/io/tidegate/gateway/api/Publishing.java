package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.NotJsonException;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The methods that publish. Data is validated for the channel's namespace before anything else. */
final class Publishing {
  static final int MAX_CHANNELS = 1_000;
  static final int MAX_TAGS = 32;
  static final int MAX_TAG_BYTES = 256;
  private static final int AT_ONCE = 64;

  private final Channels channels;
  private final Backplane backplane;
  private final Metrics metrics;
  private final LongSupplier nanoTime;

  Publishing(Channels channels, Backplane backplane, Metrics metrics, LongSupplier nanoTime) {
    this.channels = channels;
    this.backplane = backplane;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /** What is the same for all channels of one call. */
  private record Message(
      Payload data,
      boolean base64,
      boolean skipHistory,
      Map<String, String> tags,
      @Nullable String idempotencyKey) {

    static Message of(Params params) {
      Payload data = params.raw("data");
      boolean base64 = data == null;
      if (!base64 && params.raw("b64data") != null) {
        throw ApiException.badRequest("b64data", "absent beside data");
      }
      String key = params.optionalString("idempotency_key", Params.NAME_BYTES);
      if (key != null && key.isEmpty()) {
        key = null; // How client libraries say that there is none.
      }
      return new Message(
          data == null ? decode(params) : data,
          base64,
          params.flag("skip_history"),
          params.stringMap("tags", MAX_TAGS, MAX_TAG_BYTES),
          key);
    }

    private static Payload decode(Params params) {
      String text = params.optionalString("b64data", Integer.MAX_VALUE);
      if (text == null) {
        throw ApiException.badRequest("data", "data, or b64data in its place");
      }
      try {
        return Payload.of(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        throw ApiException.badRequest("b64data", "base64");
      }
    }

    // The request's own JSON has passed the gate already; bytes in base64 have not.
    PublishRequest to(String channel, Namespace namespace) {
      if (skipHistory && namespace.stream().historySize() > 0) {
        throw new ApiException(
            ErrorCode.NOT_AVAILABLE,
            "skip_history (expected: false, since a hole in the history would break recovery)");
      }
      Payload payload = namespace.json() && base64 ? requireJson() : data;
      return new PublishRequest(channel, payload, namespace.stream(), null, tags, idempotencyKey);
    }

    private Payload requireJson() {
      try {
        return JsonData.normalize(data.bytes(), 0, data.length());
      } catch (NotJsonException e) {
        throw new ApiException(ErrorCode.BAD_REQUEST, "b64data: " + e.getMessage());
      }
    }
  }

  Future<JsonBody> publish(Params params) {
    String channel = params.string("channel", Integer.MAX_VALUE);
    Message message = Message.of(params);
    return publish(channel, message).map(result -> position(result));
  }

  /** One answer per channel, in their order; a channel that fails does not stop the others. */
  Future<JsonBody> broadcast(Params params) {
    List<String> names = params.strings("channels", MAX_CHANNELS, Integer.MAX_VALUE);
    if (names.isEmpty()) {
      throw ApiException.badRequest("channels", "at least one");
    }
    Message message = Message.of(params);
    return InOrder.map(names, AT_ONCE, name -> answer(name, message))
        .map(
            answers ->
                json -> {
                  json.writeArrayFieldStart("responses");
                  for (JsonBody answer : answers) {
                    answer.writeObject(json);
                  }
                  json.writeEndArray();
                });
  }

  private Future<JsonBody> answer(String channel, Message message) {
    Future<PublishResult> published;
    try {
      published = publish(channel, message);
    } catch (ApiException e) {
      published = Future.failedFuture(e);
    }
    return published
        .map(result -> JsonBody.result(position(result)))
        .recover(failure -> Future.succeededFuture(ApiError.of(failure).body()));
  }

  private Future<PublishResult> publish(String channel, Message message) {
    PublishRequest request = message.to(channel, channels.require(channel));
    long start = nanoTime.getAsLong();
    return backplane
        .publish(request)
        .onSuccess(
            result -> {
              metrics.backplanePublishSeconds((nanoTime.getAsLong() - start) / 1e9);
              if (!requireNonNull(result).duplicate()) {
                metrics.publication(Metrics.Origin.API);
              }
            });
  }

  private static JsonBody position(PublishResult result) {
    return json -> {
      json.writeNumberField("offset", result.position().offset());
      json.writeStringField("epoch", result.position().epoch());
    };
  }
}
