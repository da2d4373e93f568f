package io.tidegate.gateway.session;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PresenceStore;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The presence entries of one event loop's clients. A client may leave a channel and come back
 * before the store has answered, so what is asked about one entry is asked in order, one thing at a
 * time. A removal is kept up while the store is away: an entry that its node forgot would stay
 * until the node dies. Confined to the loop. Holds no more than this loop has entered or may have.
 */
final class Attendance {
  private static final Logger log = LoggerFactory.getLogger(Attendance.class);

  private static final long RETRY_MILLIS = 1_000;
  private static final int RETRIES_AT_ONCE = 256;

  private record Entry(String channel, String client) {}

  private final PresenceStore presence;
  private final TimerWheel wheel;
  private final TimerWheel.Timer retry = TimerWheel.timer(this::retry);
  private final Map<Entry, Future<Void>> last = new HashMap<>();
  private final Set<Entry> owed = new HashSet<>();

  Attendance(PresenceStore presence, TimerWheel wheel) {
    this.presence = presence;
    this.wheel = wheel;
  }

  /** Enters a client; what was owed for its last visit does not remove this one. */
  Future<Void> enter(String channel, ClientInfo member, boolean announce) {
    var entry = new Entry(channel, member.client());
    owed.remove(entry);
    return inOrder(entry, () -> presence.add(channel, member, announce));
  }

  void leave(String channel, String client) {
    leave(new Entry(channel, client));
  }

  private void leave(Entry entry) {
    inOrder(entry, () -> presence.remove(entry.channel, entry.client))
        .onFailure(e -> owe(entry, e));
  }

  private Future<Void> inOrder(Entry entry, Supplier<Future<Void>> step) {
    Future<Void> before = last.get(entry);
    Future<Void> done = before == null ? step.get() : before.transform(settled -> step.get());
    if (!done.isComplete()) {
      last.put(entry, done);
      done.onComplete(settled -> last.remove(entry, done));
    }
    return done;
  }

  private void owe(Entry entry, Throwable failure) {
    if (last.containsKey(entry)) {
      return; // Something newer was asked, which decides.
    }
    owed.add(entry);
    log.debug("presence removal failed owed={}", owed.size(), failure);
    if (!retry.scheduled()) {
      wheel.schedule(retry, RETRY_MILLIS);
    }
  }

  private void retry() {
    List<Entry> now = owed.stream().limit(RETRIES_AT_ONCE).toList();
    now.forEach(owed::remove);
    now.forEach(this::leave);
    if (!owed.isEmpty() && !retry.scheduled()) {
      wheel.schedule(retry, RETRY_MILLIS);
    }
  }
}
