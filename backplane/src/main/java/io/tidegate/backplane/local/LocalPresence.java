package io.tidegate.backplane.local;

import static java.util.Objects.requireNonNullElse;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.PresenceStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;

/** One node's presence. Thread-safe: each call is one step on a {@link LocalChannel}. */
final class LocalPresence implements PresenceStore {
  private static final PresenceStats NOBODY = new PresenceStats(0, 0);

  private final LocalStore store;
  private final LocalNode node;

  LocalPresence(LocalStore store, LocalNode node) {
    this.store = store;
    this.node = node;
  }

  @Override
  public Future<Void> add(String name, ClientInfo member, boolean announce) {
    int membersAtMost = store.settings().membersPerChannel();
    return whileLeased(
            lease ->
                store.onChannel(
                    name, channel -> channel.add(lease, member, announce, membersAtMost)))
        .mapEmpty();
  }

  @Override
  public Future<Void> remove(String name, String client) {
    return whileLeased(
            lease ->
                requireNonNullElse(
                    store.ifPresent(
                        name, channel -> channel.remove(lease, client, store.nowNanos())),
                    false))
        .mapEmpty();
  }

  @Override
  public Future<Map<String, ClientInfo>> members(String name) {
    return whileLeased(
        lease -> requireNonNullElse(store.ifPresent(name, LocalChannel::members), Map.of()));
  }

  @Override
  public Future<PresenceStats> stats(String name) {
    return whileLeased(
        lease -> requireNonNullElse(store.ifPresent(name, LocalChannel::stats), NOBODY));
  }

  private <T> Future<T> whileLeased(Function<Lease, T> step) {
    return node.whileRunning(
        link -> {
          Lease lease = link.keeper().lease();
          lease.requireLive();
          return step.apply(lease);
        });
  }
}
