package io.tidegate.loadtest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The first words of a connection, which may be read at leisure. Immutable and thread-safe. */
final class Greeting {
  private static final int CONNECT_ID = 1;
  private static final int SUBSCRIBE_ID = 2;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String connect;
  private final String subscribe;

  Greeting(@Nullable String token, String channel) {
    var connectJson = JSON.createObjectNode().put("id", CONNECT_ID);
    var fields = connectJson.putObject("connect").put("name", "tidegate-loadtest");
    if (token != null) {
      fields.put("token", token);
    }
    connect = connectJson.toString();
    var subscribeJson = JSON.createObjectNode().put("id", SUBSCRIBE_ID);
    subscribeJson.putObject("subscribe").put("channel", channel).put("positioned", true);
    subscribe = subscribeJson.toString();
  }

  String connect() {
    return connect;
  }

  String subscribe() {
    return subscribe;
  }

  /**
   * A line that is no publication.
   *
   * @param failure why this connection is of no use, or null
   */
  record Answer(
      @Nullable String failure, boolean connected, boolean subscribed, boolean positioned) {
    static final Answer OTHER = new Answer(null, false, false, false);
  }

  Answer read(String line) {
    JsonNode message;
    try {
      message = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return failed("not JSON: " + line);
    }
    int id = message.path("id").asInt();
    if (id != 0 && message.has("error")) {
      return failed((id == CONNECT_ID ? "connect" : "subscribe") + ": " + message.get("error"));
    }
    if (id == CONNECT_ID) {
      return new Answer(null, true, false, false);
    }
    if (id == SUBSCRIBE_ID) {
      boolean positioned = message.path("subscribe").path("positioned").asBoolean();
      return new Answer(null, false, true, positioned);
    }
    return Answer.OTHER;
  }

  /** Why the subscription ended with this line, if it did. */
  Optional<String> endedBy(String line) {
    try {
      JsonNode end = JSON.readTree(line).path("push").path("unsubscribe");
      return end.isMissingNode() ? Optional.empty() : Optional.of("unsubscribed: " + end);
    } catch (JsonProcessingException e) {
      return Optional.of("not JSON: " + line);
    }
  }

  private static Answer failed(String reason) {
    return new Answer(reason, false, false, false);
  }
}
