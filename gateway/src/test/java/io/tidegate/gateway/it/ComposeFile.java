package io.tidegate.gateway.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** deploy/compose.yaml with its variables filled in as Compose does it. */
record ComposeFile(JsonNode root) {
  static final String API_KEY = "a-key-of-the-compose-file";

  /** What has to be set. */
  static final Map<String, String> SECRETS =
      Map.of(
          "TIDEGATE_AUTH_JWT_HMAC_SECRET", "0123456789abcdef0123456789abcdef",
          "TIDEGATE_INTERNAL_API_KEYS", API_KEY,
          "REDIS_PASSWORD", "a0b1c2d3e4f5",
          "GRAFANA_PASSWORD", "a-password");

  private static final Pattern VARIABLE =
      Pattern.compile("\\$\\{(?<name>\\w+)(?<sign>:[-?])(?<rest>[^}]*)}|\\$\\$");

  static ComposeFile shipped() {
    return with(SECRETS);
  }

  /** Throws where a variable that is needed is missing, with what the file says about it. */
  static ComposeFile with(Map<String, String> variables) {
    String text = Deploy.text(Deploy.DIRECTORY.resolve("compose.yaml"));
    return new ComposeFile(
        Deploy.yaml(VARIABLE.matcher(text).replaceAll(found -> value(found.group(), variables))));
  }

  private static String value(String variable, Map<String, String> variables) {
    Matcher parts = VARIABLE.matcher(variable);
    if (!parts.matches() || parts.group("name") == null) {
      return Matcher.quoteReplacement("$");
    }
    String name = parts.group("name");
    String set = variables.getOrDefault(name, "");
    if (!set.isEmpty()) {
      return Matcher.quoteReplacement(set);
    }
    if (parts.group("sign").equals(":?")) {
      throw new IllegalArgumentException(name + ": missing (" + parts.group("rest") + ")");
    }
    return Matcher.quoteReplacement(parts.group("rest"));
  }

  JsonNode service(String name) {
    JsonNode service = root.path("services").path(name);
    if (service.isMissingNode()) {
      throw new IllegalArgumentException("no service " + name);
    }
    return service;
  }

  List<String> command(String service) {
    return Deploy.each(service(service).path("command")).map(JsonNode::asText).toList();
  }

  List<String> healthcheck(String service) {
    return Deploy.each(service(service).path("healthcheck").path("test"))
        .map(JsonNode::asText)
        .toList();
  }
}
