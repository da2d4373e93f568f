package io.tidegate.gateway.config;

import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.gateway.service.BreakerSettings;
import io.tidegate.gateway.service.MethodRoutes;
import io.tidegate.gateway.service.ServiceSettings;
import io.tidegate.gateway.service.ServicesSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The keys of {@code services}, {@code rpc} and {@code send}. */
final class ServiceKeys {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Duration MOST_WAIT = Duration.ofMinutes(1);

  private ServiceKeys() {}

  static Optional<ServicesSettings> read(Section root, Path base, int callsInFlight) {
    var services = new ArrayList<Optional<? extends ServiceSettings>>();
    Map<String, Section> named =
        root.named(
            "services",
            "Backends that get what clients ask and send; see [services](services.md).",
            "One service. What begins with a type goes with that one only.");
    named.forEach(
        (name, section) -> {
          if (!NAME.matcher(name).matches()) {
            section.problem("", "a name", "1 to 64 letters, digits, _ or -, no _ or - first");
          }
          services.add(service(name, section, base));
        });
    Map<String, String> rpc =
        root.table(
            "rpc",
            "METHOD",
            Types.TEXT,
            "Where the command `rpc` leads: `chat.send` is that method, `chat.*` all that begin so,"
                + " `\"*\"` all others. The most specific one decides; a method without any is error"
                + " 104, and without any route `rpc` is error 108.",
            "The name of a service.");
    Section sendKeys = root.section("send", "The command `send`, which names no method.");
    String send =
        sendKeys.optional(
            "service", Types.TEXT, "The service that gets what clients `send`. None: close 3508.");
    rpc.forEach((pattern, name) -> checkRoute(root, pattern, name, named.keySet()));
    if (send != null && !named.containsKey(send)) {
      sendKeys.problem("service", "'" + send + "'", known(named.keySet()));
    }
    return root.build(
        () ->
            new ServicesSettings(
                services.stream().<ServiceSettings>map(Optional::orElseThrow).toList(),
                rpc,
                send,
                callsInFlight));
  }

  private static void checkRoute(Section root, String pattern, String name, Set<String> services) {
    if (!MethodRoutes.isPattern(pattern)) {
      root.problem(
          "rpc", "'" + pattern + "'", "a method, the beginning of methods with .* behind, or *");
    }
    if (!services.contains(name)) {
      root.problem("rpc." + pattern, "'" + name + "'", known(services));
    }
  }

  /** What is expected of a service's name. */
  static String known(Set<String> services) {
    return services.isEmpty()
        ? "a service, of which there is none under services"
        : "one of " + String.join(", ", new TreeSet<>(services));
  }

  private static Optional<? extends ServiceSettings> service(String name, Section keys, Path base) {
    ServiceSettings.Type type =
        keys.value(
            "type",
            Types.oneOf(ServiceSettings.Type.class),
            "http",
            "`http`: each message is a request. `stream`: messages wait in an inbox on the backplane"
                + " until a consumer takes them.");
    Duration timeout =
        keys.value(
            "timeout",
            Types.duration(Duration.ofMillis(10), MOST_WAIT),
            "5s",
            "From taking a message to the end of the answer.");
    int maxAnswer =
        keys.value(
            "max_answer", Types.size(128, 16 << 20), "64KiB", "Size of an answer; above it 108.");
    if (keys.isDescribing()) {
      var unused = stream(name, keys, timeout, maxAnswer); // The reference has the keys of both.
    }
    return type == ServiceSettings.Type.STREAM
        ? stream(name, keys, timeout, maxAnswer)
        : http(name, keys, base, timeout, maxAnswer);
  }

  private static Optional<ServiceSettings.Stream> stream(
      String name, Section keys, Duration timeout, int maxAnswer) {
    int capacity =
        keys.value(
            "capacity",
            Types.count(ServiceInbox.SHARDS, 1_000_000),
            "10000",
            "`stream`: messages that the inbox holds; a full one fails at once with 111.");
    return keys.build(
        () -> new ServiceSettings.Stream(name, timeout, maxAnswer, new InboxPolicy(capacity)));
  }

  private static Optional<ServiceSettings.Http> http(
      String name, Section keys, Path base, Duration timeout, int maxAnswer) {
    URI url = keys.optional("url", Types.HTTP_URL, "`http`: where messages are posted to.");
    List<String> secrets =
        keys.list(
            "secrets",
            Types.WEBHOOK_SECRET,
            List.of(),
            "`http`: secrets with which requests are signed, at least one; each signs, so that a"
                + " service can go over from one to the next. `echo whsec_$(openssl rand -base64 32)`"
                + " makes one.");
    Path authority =
        keys.optional(
            "ca",
            Types.file(base),
            "`http`: PEM file with whom to trust behind `https`. Absent trusts whom Java trusts.");
    int concurrency =
        keys.value(
            "concurrency",
            Types.count(1, 10_000),
            "64",
            "`http`: requests under way at most, from one node; as many connections are kept.");
    int waiting =
        keys.value(
            "waiting",
            Types.count(0, 100_000),
            "256",
            "`http`: messages that may wait for one of them; more fail at once with 111.");
    var breaker = breaker(keys);
    if (authority != null && PemFiles.certificate(authority) == null) {
      keys.problem("ca", "'" + authority + "'", "a PEM file with one or more X.509 certificates");
    }
    if (url == null && !keys.isSet("url")) {
      keys.problem("url", "missing", Types.HTTP_URL.expected());
    }
    if (secrets.isEmpty() && !keys.isSet("secrets")) {
      keys.problem("secrets", "missing", "at least one, " + Types.WEBHOOK_SECRET.expected());
    }
    return keys.build(
        () ->
            new ServiceSettings.Http(
                name,
                Optional.ofNullable(url).orElseThrow(),
                secrets,
                authority,
                timeout,
                concurrency,
                waiting,
                maxAnswer,
                breaker.orElseThrow()));
  }

  private static Optional<BreakerSettings> breaker(Section keys) {
    int calls =
        keys.value(
            "breaker_calls",
            Types.count(1, 10_000),
            "20",
            "`http`: how many of the last calls are looked at to see whether a service is well.");
    int rate =
        keys.value(
            "breaker_failure_rate",
            Types.count(1, 100),
            "50",
            "`http`: percent of them that failed; from then on messages fail at once.");
    Duration pause =
        keys.value(
            "breaker_pause",
            Types.duration(Duration.ofMillis(10), MOST_WAIT),
            "5s",
            "`http`: for how long; then one message tries again.");
    return keys.build(() -> new BreakerSettings(calls, rate, pause));
  }
}
