package io.tidegate.loadtest.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

/** The commands that a client sends, and what comes back but publications. Stateless. */
final class Messages {
  static final int CONNECT_ID = 1;
  static final int SUBSCRIBE_ID = 2;
  static final int FIRST_PUBLISH_ID = 3;

  private static final ObjectMapper JSON = new ObjectMapper();

  private Messages() {}

  static String connect(@Nullable String token) {
    var command = JSON.createObjectNode().put("id", CONNECT_ID);
    var fields = command.putObject("connect").put("name", "tidegate-loadtest");
    if (token != null) {
      fields.put("token", token);
    }
    return command.toString();
  }

  static String subscribe(String channel) {
    var command = JSON.createObjectNode().put("id", SUBSCRIBE_ID);
    command.putObject("subscribe").put("channel", channel).put("positioned", true);
    return command.toString();
  }

  /** The data are JSON already. */
  static String publish(int id, String channel, String data) {
    String quoted = JSON.getNodeFactory().textNode(channel).toString();
    return "{\"id\":" + id + ",\"publish\":{\"channel\":" + quoted + ",\"data\":" + data + "}}";
  }

  /**
   * A line that is no publication of ours.
   *
   * @param id 0 for a push
   * @param error what failed, or null
   * @param ended why a push ends the subscription, or null
   */
  record Answer(int id, @Nullable String error, @Nullable String ended, JsonNode body) {}

  static Answer read(String line) {
    JsonNode message;
    try {
      message = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      return new Answer(0, null, "not JSON: " + line, JSON.nullNode());
    }
    int id = message.path("id").asInt();
    JsonNode error = message.path("error");
    JsonNode end = message.path("push").path("unsubscribe");
    return new Answer(
        id,
        error.isMissingNode() ? null : text(error, "error"),
        end.isMissingNode() ? null : text(end, "unsubscribed"),
        message);
  }

  private static String text(JsonNode codeAndText, String what) {
    String text = codeAndText.path("message").asText(codeAndText.path("reason").asText());
    return (what + " " + codeAndText.path("code").asInt() + " " + text).strip();
  }
}
