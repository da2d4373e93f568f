package io.tidegate.gateway.testing;

import static java.util.Objects.requireNonNull;

import io.tidegate.gateway.auth.ChannelTemplate;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.session.RawRoute;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Raw routes of tests, and namespaces for them in which anybody may do anything. */
public final class RawRoutes {
  private RawRoutes() {}

  /** The route {@code room}, to the channel {@code room:ROOM} of the query. */
  public static RawRoute room(boolean excludeSender) {
    ChannelTemplate room = template("room:{query.room}");
    return new RawRoute("room", List.of(room), room, null, false, excludeSender, "welcome");
  }

  /** The route {@code feed}, which takes nothing. */
  public static RawRoute feed(String... channels) {
    List<ChannelTemplate> templates = Stream.of(channels).map(RawRoutes::template).toList();
    return new RawRoute("feed", templates, null, null, false, false, null);
  }

  public static RawRoute service(String name) {
    return new RawRoute(name, List.of(), null, name, false, false, null);
  }

  public static String[] names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
  }

  public static ChannelTemplate template(String text) {
    return requireNonNull(ChannelTemplate.parse(text), text);
  }

  public static Namespace namespace(String name, boolean json) {
    return namespace(name, Set.of(Who.ANYONE), Set.of(Who.ANYONE), false, json);
  }

  public static Namespace recovering(String name) {
    return namespace(name, Set.of(Who.ANYONE), Set.of(Who.ANYONE), true, false);
  }

  public static Namespace namespace(
      String name, Set<Who> subscribe, Set<Who> publish, boolean recover, boolean json) {
    return new TestNamespace(name)
        .history(recover ? 100 : 0, Duration.ofMinutes(5))
        .recover(recover)
        .positioned(recover)
        .presence(true)
        .joinLeave()
        .subscribe(subscribe.toArray(Who[]::new))
        .publish(publish.toArray(Who[]::new))
        .json(json)
        .build();
  }
}
