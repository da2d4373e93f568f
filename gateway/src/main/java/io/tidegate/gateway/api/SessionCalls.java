package io.tidegate.gateway.api;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.Payload;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The methods that do something to a user's connections, on all nodes. The arguments are judged
 * here first; then every node gets them as they came, and reads them the same way.
 */
final class SessionCalls {
  private static final JsonBody NOTHING = Schema.object(Map.of());

  private final Channels channels;
  private final Cluster cluster;

  SessionCalls(Channels channels, Cluster cluster) {
    this.channels = channels;
    this.cluster = cluster;
  }

  List<ApiMethod> methods() {
    return List.of(
        method(
            NodeCommands.SUBSCRIBE,
            "Subscribes a user's connections to a channel.",
            SubscribeRequest.fields(),
            SubscribeRequest::of,
            Silence.REPEAT),
        method(
            NodeCommands.UNSUBSCRIBE,
            "Takes a user's connections out of a channel.",
            UnsubscribeRequest.fields(),
            UnsubscribeRequest::of,
            Silence.REPEAT),
        method(
            NodeCommands.DISCONNECT,
            "Closes a user's connections.",
            DisconnectRequest.fields(),
            DisconnectRequest::of,
            Silence.REPEAT + ", which also closes those that came back since"),
        method(
            NodeCommands.REFRESH,
            "Says until when a user's connections live on.",
            RefreshRequest.fields(),
            RefreshRequest::of,
            Silence.REPEAT),
        method(
            NodeCommands.SEND,
            "Sends a user's connections a message of no channel.",
            SendRequest.fields(),
            SendRequest::of,
            "those that have the message get it twice if the call is repeated"));
  }

  private ApiMethod method(
      String name,
      String about,
      List<Field<?>> fields,
      Function<Params, SessionRequest> reading,
      String advice) {
    return new ApiMethod(
        name,
        about,
        fields,
        NOTHING,
        (caller, params) -> {
          String channel = reading.apply(params).channel();
          if (channel != null) {
            var unused = channels.require(caller, channel);
          }
          return cluster
              .ask(NodeCommands.toSessions(name, params))
              .map(answers -> done(Silence.requireAll(answers, advice)));
        });
  }

  private static JsonBody done(List<Payload> answers) {
    for (Payload answer : answers) {
      ApiException refusal = NodeReply.refusal(answer);
      if (refusal != null) {
        throw refusal;
      }
    }
    return json -> {};
  }
}
