package io.tidegate.gateway.config;

import io.tidegate.gateway.auth.ChannelTemplate;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.session.RawRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The keys of {@code raw}. */
final class RawKeys {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Set<Who> NO_CLIENT = Set.of(Who.SERVICE, Who.NOBODY);
  private static final Type<ChannelTemplate> TEMPLATE =
      new Type<>(
          "a channel, in which {query.NAME} and {claims.sub} may stand behind a namespace and its"
              + " colon, any two of them apart by a character that no value holds, such as :",
          ChannelTemplate::parse,
          ChannelTemplate::toString);

  private RawKeys() {}

  /**
   * Reads the routes.
   *
   * @param namespaces absent where they are not known, because something is wrong with them
   * @param services names of the services
   */
  static Optional<List<RawRoute>> read(
      Section root, Optional<List<Namespace>> namespaces, Set<String> services) {
    var routes = new ArrayList<Optional<RawRoute>>();
    Map<String, Section> named =
        root.named(
            "raw",
            "Paths `/raw/NAME` for clients that speak no protocol; see [raw routes](raw.md).",
            "One route. Of `publish`, `service` and `echo` it has one at most; without any, it"
                + " takes no frames.");
    named.forEach(
        (name, section) -> {
          if (!NAME.matcher(name).matches()) {
            section.problem("", "a name", "1 to 64 letters, digits, _ or -, no _ or - first");
          }
          routes.add(route(name, section, namespaces, services));
        });
    return root.build(() -> routes.stream().map(Optional::orElseThrow).toList());
  }

  private static Optional<RawRoute> route(
      String name, Section keys, Optional<List<Namespace>> namespaces, Set<String> services) {
    List<ChannelTemplate> subscribe =
        keys.list(
            "subscribe",
            TEMPLATE,
            List.of(),
            "Channels whose publications are delivered, each as one frame. The client needs the"
                + " right to `subscribe` to each, or its upgrade is answered 403.");
    ChannelTemplate publish =
        keys.optional(
            "publish",
            TEMPLATE,
            "Channel to which each frame is published. The client needs the right to `publish`.");
    String service =
        keys.optional("service", Types.TEXT, "The name of a service that gets each frame.");
    boolean echo =
        keys.value("echo", Types.BOOL, "false", "Whether each frame goes back to its sender.");
    boolean excludeSender =
        keys.value(
            "exclude_sender",
            Types.BOOL,
            "false",
            "Whether a client is spared its own publications.");
    String welcome =
        keys.optional(
            "welcome",
            Types.TEXT,
            "The first frame of each connection: from here on, nothing that is published to its"
                + " channels is missed.");
    namespaces.ifPresent(
        known -> {
          subscribe.forEach(channel -> check(keys, "subscribe", channel, known));
          if (publish != null) {
            check(keys, "publish", publish, known);
          }
        });
    if (service != null && !services.contains(service)) {
      keys.problem("service", "'" + service + "'", ServiceKeys.known(services));
    }
    return keys.build(
        () -> new RawRoute(name, subscribe, publish, service, echo, excludeSender, welcome));
  }

  private static void check(
      Section keys, String key, ChannelTemplate template, List<Namespace> namespaces) {
    String name = Namespaces.nameOf(template.example());
    Optional<Namespace> namespace =
        namespaces.stream().filter(known -> known.name().equals(name)).findFirst();
    if (namespace.isEmpty()) {
      keys.problem(key, "'" + template + "'", "a namespace of channels.namespaces");
      return;
    }
    Set<Who> allowed =
        key.equals("publish") ? namespace.get().publish() : namespace.get().subscribe();
    if (NO_CLIENT.containsAll(allowed)) {
      String section = name.isEmpty() ? "defaults" : "namespaces." + name;
      keys.problem(
          key,
          "'" + template + "'",
          "a channel for clients; channels." + section + "." + key + " lets none");
    }
  }
}
