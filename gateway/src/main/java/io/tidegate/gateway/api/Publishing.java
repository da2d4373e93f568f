package io.tidegate.gateway.api;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.PublishResult;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The methods that publish. Data is validated for the channel's namespace before anything else. */
final class Publishing {
  static final String BROADCAST = "broadcast";
  static final int MAX_CHANNELS = 1_000;
  private static final int AT_ONCE = 64;

  private static final Field<String> CHANNEL = Field.channel("Where to.");
  private static final Field<List<String>> CHANNELS =
      Field.notEmpty(Field.texts("channels", MAX_CHANNELS, Integer.MAX_VALUE, "Where to."));
  private static final JsonBody RESULT =
      Schema.object(
          Map.of(
              "offset", Schema.INTEGER,
              "epoch", Schema.STRING,
              "delivery", DeliveryReport.SCHEMA));

  private final Channels channels;
  private final Backplane backplane;
  private final DeliveryReport reports;
  private final Metrics metrics;
  private final LongSupplier nanoTime;

  Publishing(
      Channels channels,
      Backplane backplane,
      DeliveryReport reports,
      Metrics metrics,
      LongSupplier nanoTime) {
    this.channels = channels;
    this.backplane = backplane;
    this.reports = reports;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  List<ApiMethod> methods() {
    JsonBody response = Schema.object(Map.of("result", RESULT, "error", ApiError.REFERENCE));
    return List.of(
        new ApiMethod(
            "publish",
            "Publishes to a channel.",
            Message.fieldsAnd(CHANNEL, DeliveryReport.WANTED),
            RESULT,
            this::publish),
        new ApiMethod(
            BROADCAST,
            "Publishes the same to several channels.",
            Message.fieldsAnd(CHANNELS, DeliveryReport.WANTED),
            Schema.object(Map.of("responses", Schema.array(response))),
            ApiMethod.Envelope.RESULT,
            this::broadcast));
  }

  /** How many a broadcast of {@code params} has. */
  static int channels(Params params) {
    return CHANNELS.of(params).size();
  }

  private Future<JsonBody> publish(ApiCaller caller, Params params) {
    String channel = CHANNEL.of(params);
    Message message = Message.of(params);
    boolean reported = DeliveryReport.WANTED.of(params);
    Future<PublishResult> published = publish(caller, channel, message);
    return reported
        ? published.compose(
            result -> reports.of(List.of(channel)).map(all -> body(result, all.get(0))))
        : published.map(result -> body(result, null));
  }

  /** One answer per channel, in their order; a channel that fails does not stop the others. */
  private Future<JsonBody> broadcast(ApiCaller caller, Params params, Patience patience) {
    List<String> names = CHANNELS.of(params);
    Message message = Message.of(params);
    boolean reported = DeliveryReport.WANTED.of(params);
    Future<List<Response>> responses =
        InOrder.map(names, AT_ONCE, name -> response(caller, name, message, patience));
    return reported
        ? responses.compose(all -> reports.of(names).map(reports -> body(all, reports)))
        : responses.map(all -> body(all, null));
  }

  /** Either is there. */
  private record Response(@Nullable PublishResult result, @Nullable ApiError error) {
    JsonBody body(@Nullable JsonBody report) {
      return error != null
          ? error.body()
          : JsonBody.result(Publishing.body(requireNonNull(result), report));
    }
  }

  private Future<Response> response(
      ApiCaller caller, String channel, Message message, Patience patience) {
    return Future.succeededFuture(channel)
        .compose(
            name -> {
              if (patience.isOver()) {
                throw Patience.notBegun();
              }
              return publish(caller, name, message);
            })
        .map(result -> new Response(result, null))
        .recover(failure -> Future.succeededFuture(new Response(null, ApiError.of(failure))));
  }

  private Future<PublishResult> publish(ApiCaller caller, String channel, Message message) {
    var request = message.to(channel, channels.require(caller, channel));
    long start = nanoTime.getAsLong();
    return backplane
        .publish(request)
        .onSuccess(
            result -> {
              metrics.backplanePublishSeconds((nanoTime.getAsLong() - start) / 1e9);
              if (!requireNonNull(result).duplicate()) {
                metrics.publication(Metrics.Origin.API);
              }
            })
        .recover(failure -> ApiError.unsure(failure, "repeat it with the same idempotency_key"));
  }

  private static JsonBody body(List<Response> responses, @Nullable List<JsonBody> reports) {
    var bodies = new ArrayList<JsonBody>(responses.size());
    for (int i = 0; i < responses.size(); i++) {
      bodies.add(responses.get(i).body(reports == null ? null : reports.get(i)));
    }
    return json -> JsonBody.writeArray(json, "responses", bodies);
  }

  private static JsonBody body(PublishResult result, @Nullable JsonBody report) {
    return json -> {
      json.writeNumberField("offset", result.position().offset());
      json.writeStringField("epoch", result.position().epoch());
      if (report != null) {
        json.writeFieldName("delivery");
        report.writeObject(json);
      }
    };
  }
}
