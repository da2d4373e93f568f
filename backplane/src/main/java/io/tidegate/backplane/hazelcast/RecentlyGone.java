package io.tidegate.backplane.hazelcast;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * Members that this node saw die within the last minute. Told to channel owners, so that none takes
 * an operation of a dead member after another node has compared. Confined to the node's thread.
 */
final class RecentlyGone {
  private static final long KEPT_NANOS = 60_000_000_000L;

  private final Deque<Gone> gone = new ArrayDeque<>();
  private List<UUID> members = List.of();

  private record Gone(UUID member, long atNanos) {}

  void add(UUID member, long nowNanos) {
    gone.addLast(new Gone(member, nowNanos));
    refresh();
  }

  void forgetOld(long nowNanos) {
    if (!gone.isEmpty() && nowNanos - gone.getFirst().atNanos() > KEPT_NANOS) {
      gone.removeFirst();
      refresh();
    }
  }

  void forget(UUID member) {
    if (gone.removeIf(each -> each.member().equals(member))) {
      refresh();
    }
  }

  void forgetAll() {
    gone.clear();
    refresh();
  }

  List<UUID> members() {
    return members;
  }

  private void refresh() {
    members = gone.stream().map(Gone::member).toList();
  }
}
