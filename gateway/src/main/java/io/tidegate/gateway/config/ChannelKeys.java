package io.tidegate.gateway.config;

import io.tidegate.backplane.StreamPolicy;
import io.tidegate.gateway.auth.ChannelPattern;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.Who;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The keys of {@code channels}: the defaults, and namespaces that follow them where they are
 * silent.
 */
final class ChannelKeys {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final String ANY_NAME = "*";
  private static final Type<Who> WHO = Types.oneOf(Who.class);
  private static final Type<Integer> HISTORY = Types.count(0, 10_000);
  private static final Type<Duration> TTL =
      Types.duration(Duration.ofSeconds(1), Duration.ofDays(7));

  /** What a client gets that recovers. */
  private enum Recovery {
    STREAM,
    CACHE
  }

  /** How data is checked. */
  private enum Content {
    JSON,
    BYTES
  }

  private ChannelKeys() {}

  /** The defaults first. */
  static Optional<List<Namespace>> read(Section keys) {
    var namespaces = new ArrayList<Optional<Namespace>>();
    Section defaults =
        keys.section(
            "defaults",
            "Channels without a namespace, and what namespaces follow where they set nothing.");
    namespaces.add(namespace("", defaults));
    Map<String, Section> named =
        keys.named(
            "namespaces",
            defaults,
            "Channels `NAME:...`. Each has the keys of `channels.defaults`, and follows them where"
                + " it sets none. A channel of a namespace that is not here does not exist (102).");
    named.forEach(
        (name, section) -> {
          if (!NAME.matcher(name).matches()) {
            section.problem("", "a name", "1 to 64 letters, digits, _ or -, no _ or - first");
          }
          namespaces.add(namespace(name, section));
        });
    return keys.build(() -> namespaces.stream().map(Optional::orElseThrow).toList());
  }

  /**
   * The keys of {@code channels.personal}; absent where users have no channels of their own.
   *
   * @param namespaces absent where they are not known, because something is wrong with them
   */
  static Optional<PersonalChannel> personal(Section keys, Optional<List<Namespace>> namespaces) {
    Section personal = keys.section("personal", "A channel of each user's own.");
    boolean enabled =
        flag(
            personal,
            "enabled",
            "Whether each connection of a user is subscribed to the user's own channel from its"
                + " start: `#USER`, or `NAMESPACE:#USER`. Users whose name holds `#` or `,` have none,"
                + " nor have those whose name holds `:` where `namespace` is absent.");
    String namespace =
        personal.optional(
            "namespace",
            Types.TEXT,
            "One of `channels.namespaces`, with `user_limited`. Absent for the defaults.");
    boolean single =
        flag(
            personal,
            "single_connection",
            "Whether a new connection of a user closes the user's older ones on all nodes, with 3504;"
                + " raw routes are left alone. Each connect asks every node.");
    if (!enabled) {
      return Optional.empty();
    }
    String name = namespace == null ? "" : namespace;
    namespaces.ifPresent(known -> requireUserLimited(personal, name, known));
    return personal.build(() -> new PersonalChannel(name, single));
  }

  // Or else users could subscribe to each other's.
  private static void requireUserLimited(Section keys, String name, List<Namespace> known) {
    if (known.stream().noneMatch(n -> n.name().equals(name) && n.userLimited())) {
      keys.problem(
          "namespace",
          name.isEmpty() ? "absent" : "'" + name + "'",
          name.isEmpty()
              ? "user_limited: true in channels.defaults, or a namespace that has it"
              : "one of channels.namespaces, with user_limited: true");
    }
  }

  private static Optional<Namespace> namespace(String name, Section keys) {
    int size =
        keys.value(
            "history_size",
            HISTORY,
            "0",
            "Publications kept; 0 keeps none. The grid keeps 1 MiB of a channel at most; wherever it"
                + " is kept, a client that missed more than 1 MiB does not recover.");
    Duration ttl = keys.value("history_ttl", TTL, "5m", "How long a publication is kept at most.");
    boolean recover =
        flag(keys, "recover", "Whether clients get what they missed; needs a `history_size`.");
    Recovery recovery =
        keys.value(
            "recovery",
            Types.oneOf(Recovery.class),
            "stream",
            "What a client gets that recovers: `stream` is all that it missed, or nothing and word of"
                + " it; `cache` is the newest publication, whatever it missed.");
    boolean positioned =
        flag(keys, "positioned", "Whether subscribers are told when they missed something.");
    boolean presence = flag(keys, "presence", "Whether who is in a channel can be asked for.");
    boolean joinLeave =
        flag(keys, "join_leave", "Whether subscribers are told who comes and goes.");
    boolean pushJoinLeave =
        flag(keys, "push_join_leave", "Whether subscribers are told that without asking for it.");
    Set<Who> subscribe = who(keys, "subscribe", "authenticated", "Who may subscribe.");
    Set<Who> publish = who(keys, "publish", "service", "Which clients may publish.");
    Set<Who> history = who(keys, "read_history", "subscriber", "Who may read the history.");
    Set<Who> readPresence = who(keys, "read_presence", "subscriber", "Who may ask who is present.");
    Content content =
        keys.value(
            "content",
            Types.oneOf(Content.class),
            "json",
            "What data is: `json` is checked and made compact; `bytes` are passed on as they are,"
                + " and clients of JSON protocols cannot subscribe.");
    boolean userLimited =
        flag(
            keys,
            "user_limited",
            "Whether a name may end with its users, such as `#42,43`: they may subscribe, and nobody"
                + " else, whatever `subscribe` says.");
    ChannelPattern names =
        keys.value(
            "names",
            Types.CHANNEL_PATTERN,
            ANY_NAME,
            "What the part of a name behind the colon has to be; any other is answered 107.");
    if (subscribe.contains(Who.SUBSCRIBER)) {
      keys.problem("subscribe", "'subscriber'", "others: nobody is subscribed before");
    }
    return keys.build(
        () ->
            new Namespace(
                name,
                size == 0 ? StreamPolicy.NO_HISTORY : new StreamPolicy(size, ttl),
                recover,
                positioned,
                presence,
                joinLeave,
                subscribe,
                publish,
                history,
                readPresence,
                content == Content.JSON,
                recovery == Recovery.CACHE,
                pushJoinLeave,
                userLimited,
                names.toString().equals(ANY_NAME) ? null : names));
  }

  private static boolean flag(Section keys, String key, String text) {
    return keys.value(key, Types.BOOL, "false", text);
  }

  private static Set<Who> who(Section keys, String key, String fallback, String text) {
    List<Who> named = keys.list(key, WHO, List.of(fallback), text);
    if (named.isEmpty()) {
      keys.problem(key, "empty", "nobody, or who may");
    } else if (named.contains(Who.NOBODY) && named.size() > 1) {
      keys.problem(key, "nobody beside others", "nobody alone, or the others alone");
    }
    return Set.copyOf(named);
  }
}
