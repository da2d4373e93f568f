package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.redis.Call.Kind;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The presence entries that this node holds. The node knows them all, so that it can assert them
 * wherever the store may have lost or kept something that it should not have. Before the first
 * entry of a channel the channel is noted in the store under the owner, so that whoever reaps the
 * owner finds it. Confined to the node's context.
 */
final class Attendance {
  private static final Logger log = LoggerFactory.getLogger(Attendance.class);
  private static final int ASSERTIONS_AT_MOST = 16;

  private final Keys keys;
  private final CommandLink commands;
  private final Channels channels;
  private final BackplaneMetrics metrics;
  private final Map<String, Held> held = new HashMap<>();
  private final Set<String> toAssert = new LinkedHashSet<>();
  private final BooleanSupplier mayEnter;
  private String owner;
  private int entries;
  private int assertions;

  /** One is equal to itself only: the entry of one call. */
  private static final class Entry {
    final ClientInfo member;
    final boolean announce;

    Entry(ClientInfo member, boolean announce) {
      this.member = member;
      this.announce = announce;
    }
  }

  private static final class Held {
    final Map<String, Entry> entries = new HashMap<>(4);
    @Nullable Future<Response> noted;
  }

  Attendance(
      Keys keys,
      CommandLink commands,
      Channels channels,
      BackplaneMetrics metrics,
      BooleanSupplier mayEnter,
      String owner) {
    this.keys = keys;
    this.commands = commands;
    this.channels = channels;
    this.metrics = metrics;
    this.mayEnter = mayEnter;
    this.owner = owner;
  }

  String owner() {
    return owner;
  }

  Future<Void> add(String channel, ClientInfo member, boolean announce) {
    String mine = owner;
    var entry = new Entry(member, announce);
    Held here = held.computeIfAbsent(channel, name -> new Held());
    Entry before = here.entries.put(member.client(), entry);
    count(before == null ? 1 : 0);
    return noted(channel, here)
        .compose(noted -> enter(channel, here, mine, entry))
        .compose(entered -> entered ? Future.<Void>succeededFuture() : Future.failedFuture(full()))
        .onFailure(failure -> addFailed(channel, here, entry, before, failure));
  }

  /** Looks once more before it enters: time has passed since it was decided. */
  private Future<Boolean> enter(String channel, Held here, String mine, Entry entry) {
    if (held.get(channel) != here || !owner.equals(mine)) {
      return Future.failedFuture(RedisNode.notRunning());
    }
    if (here.entries.get(entry.member.client()) != entry) {
      return Future.succeededFuture(true); // Left or replaced meanwhile, by a later call.
    }
    if (!mayEnter.getAsBoolean()) {
      return Future.failedFuture(
          new BackplaneException(Reason.UNAVAILABLE, "the lease could not be renewed in time"));
    }
    return channels.enter(channel, mine, entry.member, entry.announce);
  }

  Future<Void> remove(String channel, String client) {
    Held here = held.get(channel);
    if (here == null || here.entries.remove(client) == null) {
      return Future.succeededFuture();
    }
    count(-1);
    return channels
        .exit(channel, owner, client)
        .onComplete(
            gone -> {
              if (gone.failed()) {
                doubt(channel);
              } else {
                forgetIfEmpty(channel, here);
              }
            });
  }

  /** Whatever was held is another's business now: goes on with nothing, as {@code owner}. */
  void beginAnew(String owner) {
    this.owner = owner;
    held.clear();
    toAssert.clear();
    count(-entries);
  }

  /** Asserts all that is held. */
  void doubtAll() {
    held.values().forEach(each -> each.noted = null);
    toAssert.addAll(held.keySet());
    assertNext();
  }

  /** Goes on with what could not be asserted. */
  void tick() {
    assertNext();
  }

  /** Removes all that is held. */
  Future<Void> removeAll() {
    String mine = owner;
    List<Future<Integer>> reaps = new ArrayList<>();
    held.keySet().forEach(channel -> reaps.add(channels.reap(channel, mine, List.of())));
    beginAnew(mine);
    return Future.join(reaps)
        .compose(
            all ->
                commands.send(Request.cmd(Command.DEL).arg(keys.attended(mine)), Kind.REPEATABLE))
        .mapEmpty();
  }

  private Future<Response> noted(String channel, Held here) {
    Future<Response> noted = here.noted;
    if (noted == null || noted.failed()) {
      noted =
          commands.send(
              Request.cmd(Command.SADD).arg(keys.attended(owner)).arg(channel), Kind.REPEATABLE);
      here.noted = noted;
    }
    return noted;
  }

  private void addFailed(
      String channel, Held here, Entry entry, @Nullable Entry before, Throwable failure) {
    String client = entry.member.client();
    if (held.get(channel) != here) {
      return;
    }
    if (here.entries.get(client) == entry) {
      if (before != null) {
        here.entries.put(client, before);
      } else {
        here.entries.remove(client);
        count(-1);
      }
    }
    if (failure instanceof BackplaneException e && e.reason() == Reason.LIMIT) {
      forgetIfEmpty(channel, here);
    } else {
      doubt(channel);
    }
  }

  private void doubt(String channel) {
    if (held.containsKey(channel)) {
      toAssert.add(channel);
    }
  }

  private void forgetIfEmpty(String channel, Held here) {
    if (here.entries.isEmpty() && !toAssert.contains(channel) && held.remove(channel, here)) {
      commands
          .send(Request.cmd(Command.SREM).arg(keys.attended(owner)).arg(channel), Kind.REPEATABLE)
          .onFailure(failure -> log.debug("channel stays noted in vain", failure));
    }
  }

  private void assertNext() {
    while (assertions < ASSERTIONS_AT_MOST && !toAssert.isEmpty() && mayEnter.getAsBoolean()) {
      String channel = toAssert.iterator().next();
      toAssert.remove(channel);
      Held here = held.get(channel);
      if (here != null) {
        assertions++;
        assertion(channel, here)
            .onComplete(
                done -> {
                  assertions--;
                  if (done.failed()) {
                    doubt(channel); // Tried again with the next tick.
                  } else {
                    forgetIfEmpty(channel, here);
                    assertNext();
                  }
                });
      }
    }
  }

  /**
   * Removes the entries that should not be, then enters those that should. Each call is sent with
   * what is held at that moment, and calls are carried out in order, so that it cannot undo what
   * happens meanwhile.
   */
  private Future<Void> assertion(String channel, Held here) {
    String mine = owner;
    return noted(channel, here)
        .compose(noted -> channels.reap(channel, mine, List.copyOf(here.entries.keySet())))
        .compose(
            reaped -> {
              var rest = new ArrayDeque<>(here.entries.keySet());
              return enterAll(channel, here, mine, rest);
            });
  }

  /** One after another: assertions yield to callers. */
  private Future<Void> enterAll(String channel, Held here, String mine, ArrayDeque<String> rest) {
    while (!rest.isEmpty()) {
      Entry entry = here.entries.get(rest.remove());
      if (entry != null) {
        return enter(channel, here, mine, entry)
            .compose(entered -> enterAll(channel, here, mine, rest));
      }
    }
    return Future.succeededFuture();
  }

  private void count(int more) {
    entries += more;
    metrics.presenceMembers(entries);
  }

  private static BackplaneException full() {
    return new BackplaneException(Reason.LIMIT, "the channel has as many members as it may");
  }
}
