package io.tidegate.gateway.session;

import io.tidegate.gateway.protocol.CloseCode;
import io.vertx.core.CompositeFuture;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * All sessions of this node, asked loop by loop. Thread-safe. Holds no index: most of what is asked
 * of it is rare, and a walk over a loop's sessions costs less than keeping one for each of them.
 */
public final class SessionDirectory {
  private final List<Entry> loops = new CopyOnWriteArrayList<>();

  private record Entry(SessionLoop loop, Context context) {}

  /** How many sessions, and of how many users; anonymous clients are no users. */
  public record Count(int clients, int users) {}

  /** Adds an event loop; on it. */
  public void add(SessionLoop loop, Context context) {
    loops.add(new Entry(loop, context));
  }

  /** Closes a user's connections that are older; how many. Costs a look into each loop's index. */
  public Future<Integer> closeOlder(UserConnection newer) {
    return onEach(loop -> loop.users().closeOlder(newer))
        .map(counts -> counts.stream().mapToInt(Integer::intValue).sum());
  }

  /**
   * Does something to sessions, each on its loop, all at once.
   *
   * @return to how many it was done, when it has been done to all; fails with the failure of one of
   *     them. One that ends meanwhile counts as none.
   */
  public Future<Integer> each(Predicate<Session> which, Function<Session, Future<?>> action) {
    return onEach(
            loop -> {
              List<Future<Integer>> done = new ArrayList<>();
              loop.forEach(
                  session -> {
                    if (which.test(session)) {
                      done.add(one(session, action));
                    }
                  });
              return Future.join(done).map(SessionDirectory::sum);
            })
        .compose(loops -> Future.join(loops).map(SessionDirectory::sum));
  }

  private static Future<Integer> one(Session session, Function<Session, Future<?>> action) {
    return Future.succeededFuture(session)
        .compose(action::apply)
        .map(1)
        .recover(e -> session.ended() ? Future.succeededFuture(0) : Future.failedFuture(e));
  }

  private static int sum(CompositeFuture counts) {
    return counts.<Integer>list().stream().mapToInt(Integer::intValue).sum();
  }

  /** How many there are. */
  public Future<Count> count() {
    return onEach(
            loop -> {
              Set<String> users = new HashSet<>();
              int[] clients = {0};
              loop.forEach(
                  session -> {
                    clients[0]++;
                    if (!session.user().isEmpty()) {
                      users.add(session.user());
                    }
                  });
              return new UsersOfLoop(clients[0], users);
            })
        .map(
            all -> {
              Set<String> users = new HashSet<>();
              all.forEach(part -> users.addAll(part.users));
              return new Count(all.stream().mapToInt(UsersOfLoop::clients).sum(), users.size());
            });
  }

  /** Those of {@code channels} that have a subscriber here, with how many. */
  public Future<Map<String, Integer>> subscribers(Collection<String> channels) {
    return onEach(loop -> subscribers(loop, channels))
        .map(
            parts -> {
              Map<String, Integer> all = new HashMap<>();
              parts.forEach(part -> part.forEach((name, n) -> all.merge(name, n, Integer::sum)));
              return all;
            });
  }

  private static Map<String, Integer> subscribers(SessionLoop loop, Collection<String> channels) {
    Map<String, Integer> found = new HashMap<>();
    for (String channel : channels) {
      int subscribers = loop.subscribers(channel);
      if (subscribers > 0) {
        found.put(channel, subscribers);
      }
    }
    return found;
  }

  private record UsersOfLoop(int clients, Set<String> users) {}

  /** Closes every session at once; completes when all have ended. */
  public Future<Void> closeAll(CloseCode code) {
    return onEach(
            loop -> {
              loop.closeAll(code);
              return code;
            })
        .mapEmpty();
  }

  /** Starts to close every session, spread over {@code windowMillis}. */
  public Future<Void> drain(CloseCode code, long windowMillis) {
    return onEach(
            loop -> {
              loop.drain(code, windowMillis);
              return code;
            })
        .mapEmpty();
  }

  /** Subscriptions of all sessions, about. */
  public int subscriptions() {
    return loops.stream().mapToInt(entry -> entry.loop.subscriptions()).sum();
  }

  /** Bytes waiting for clients of all sessions, about. */
  public long outboxBytes() {
    return loops.stream().mapToLong(entry -> entry.loop.outboxBytes()).sum();
  }

  private <T> Future<List<T>> onEach(Function<SessionLoop, T> action) {
    List<Future<T>> parts =
        loops.stream()
            .map(
                entry -> {
                  Promise<T> done = Promise.promise();
                  entry.context.runOnContext(
                      v -> {
                        try {
                          done.complete(action.apply(entry.loop));
                        } catch (RuntimeException e) {
                          done.fail(e);
                        }
                      });
                  return done.future();
                })
            .toList();
    return Future.all(parts).map(all -> all.<T>list());
  }
}
