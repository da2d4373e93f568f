package io.tidegate.gateway.config;

import static io.tidegate.gateway.config.Types.HOST_NAME;
import static io.tidegate.gateway.config.Types.PORT;
import static io.tidegate.gateway.config.Types.TEXT;
import static io.tidegate.gateway.config.Types.secret;
import static io.tidegate.gateway.config.Types.size;

import io.tidegate.gateway.api.ApiMethods;
import io.tidegate.gateway.api.ApiSettings;
import io.tidegate.gateway.api.ChannelsQuery;
import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ApiKeys;
import io.tidegate.gateway.auth.ChannelPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The keys of {@code internal}. */
final class InternalKeys {
  private static final int KIB = 1024;
  private static final int MIB = 1024 * KIB;
  private static final int SECRET_BYTES = 16;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** The key of {@code api_keys}; as little a name to choose as the API's own callers are. */
  private static final String UNNAMED = "api_keys";

  private static final Set<String> METHODS = methods();
  private static final Set<String> TAKEN =
      new TreeSet<>(Set.of(UNNAMED, "loopback", "backplane", "none"));

  private InternalKeys() {}

  private static Set<String> methods() {
    var methods = new TreeSet<>(ApiMethods.NAMES);
    methods.add(ApiCaller.ANY);
    return methods;
  }

  static Optional<ApiSettings> read(Section keys) {
    String host =
        keys.value(
            "host",
            HOST_NAME,
            "127.0.0.1",
            "Address to listen on; one that other machines can reach needs `api_keys` or `keys`.");
    int port = keys.value("port", PORT, "9000", ConfigKeys.PORT_TEXT);
    List<String> apiKeys =
        keys.list(
            "api_keys",
            secret(SECRET_BYTES),
            List.of(),
            "Keys that may do everything, any of which a caller has to present. Without any, and"
                + " without `keys`, every caller on this machine is let in.");
    List<ApiKeys.Key> all = named(keys);
    if (!apiKeys.isEmpty()) {
      all.add(new ApiKeys.Key(ApiCaller.unrestricted(UNNAMED), apiKeys));
    }
    requireOwners(keys, all);
    int maxBody =
        keys.value(
            "max_body",
            size(KIB, 64 * MIB),
            "1MiB",
            "Size of a request; above it the answer is 413.");
    int maxPending =
        keys.value(
            "max_pending",
            size(KIB, 1024 * MIB),
            "64MiB",
            "Size of all requests that are not answered yet, together; above it the answer is"
                + " 503. Services on the backplane have as much again.");
    if (maxPending < maxBody) {
      keys.problem("max_pending", maxPending + " bytes", "at least max_body, " + maxBody);
    }
    if (all.isEmpty() && !Types.isLoopback(host)) {
      keys.problem(
          "api_keys",
          keys.isSet("api_keys") ? "empty" : "missing",
          "at least one, because internal.host is not loopback");
    }
    return keys.build(
        () -> new ApiSettings(host, port, all, new ApiSettings.Bounds(maxBody, maxPending)));
  }

  private static List<ApiKeys.Key> named(Section keys) {
    var all = new ArrayList<ApiKeys.Key>();
    Map<String, Section> sections =
        keys.named(
            "keys",
            "Keys of one service each, beside `api_keys`. The name stands in metrics.",
            "One key: who presents one of its secrets may do what it says; else the error is 103.");
    sections.forEach((name, section) -> all.add(key(name, section)));
    return all;
  }

  private static ApiKeys.Key key(String name, Section keys) {
    if (!NAME.matcher(name).matches() || TAKEN.contains(name)) {
      keys.problem(
          "", "a name", "1 to 64 letters, digits, _ or -, and none of " + String.join(", ", TAKEN));
    }
    List<String> secrets =
        keys.list(
            "secrets",
            secret(SECRET_BYTES),
            List.of(),
            "The key itself; two of them while the one replaces the other.");
    requireSome(keys, "secrets", secrets, "at least one");
    List<String> methods =
        keys.list(
            "methods",
            TEXT,
            List.of(),
            "Methods, or `*` for all. To be given: those about users and nodes are not held by"
                + " `channels`.");
    requireSome(keys, "methods", methods, "methods, or *");
    for (String method : methods) {
      if (!METHODS.contains(method)) {
        keys.problem("methods", "'" + method + "'", "one of " + String.join(", ", METHODS));
      }
    }
    List<String> channels =
        keys.list(
            "channels",
            TEXT,
            List.of(ApiCaller.ANY),
            "Patterns of channels, where a method is about channels: `*` stands for any characters,"
                + " `?` for one.");
    requireSome(keys, "channels", channels, "patterns, or nothing for all");
    if (channels.size() > ChannelsQuery.MAX_PATTERNS) {
      keys.problem(
          "channels", channels.size() + " patterns", "at most " + ChannelsQuery.MAX_PATTERNS);
    }
    var caller =
        new ApiCaller(
            name, new HashSet<>(methods), channels.stream().map(ChannelPattern::new).toList());
    return new ApiKeys.Key(caller, secrets);
  }

  private static void requireSome(Section keys, String name, List<String> found, String expected) {
    if (found.isEmpty() && !keys.isDescribing()) {
      keys.problem(name, keys.isSet(name) ? "empty" : "missing", expected);
    }
  }

  /** A secret of two keys would have the rights of one of them, and nobody could say of which. */
  private static void requireOwners(Section keys, List<ApiKeys.Key> all) {
    var seen = new HashSet<String>();
    for (ApiKeys.Key key : all) {
      if (!key.secrets().stream().allMatch(seen::add)) {
        String name = key.caller().name();
        keys.problem(
            name.equals(UNNAMED) ? name : "keys." + name, "a secret that is there twice", "once");
      }
    }
  }
}
