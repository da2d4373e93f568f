package io.tidegate.backplane.local;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A channel: its stream, who is in it, and which nodes want to hear of it. Guarded by its own
 * monitor, which {@link LocalStore} takes around every call; each call is one atomic step that ends
 * with putting what changed into the {@linkplain Mailbox mailboxes} of the nodes with interest.
 */
final class LocalChannel {
  private final String name;
  private final LocalStream stream;
  private final List<Mailbox> interested = new ArrayList<>(0);
  private final Map<String, Entry> members = new LinkedHashMap<>(0);
  private StreamPolicy policy = StreamPolicy.NO_HISTORY;
  private long usedAtNanos;
  private boolean retired;

  private record Entry(ClientInfo member, Lease lease, boolean announced) {}

  LocalChannel(String name, String epoch, long nowNanos) {
    this.name = name;
    this.stream = new LocalStream(epoch);
    this.usedAtNanos = nowNanos;
  }

  String name() {
    return name;
  }

  PublishResult publish(PublishRequest request, long timeMillis, long nowNanos) {
    used(request.policy(), nowNanos);
    StreamPosition known = stream.known(request.idempotencyKey(), nowNanos);
    if (known != null) {
      return new PublishResult(known, true);
    }
    requireRoom();
    Publication publication = stream.append(request, timeMillis, nowNanos);
    interested.forEach(mailbox -> mailbox.publication(name, stream.epoch(), publication));
    return new PublishResult(stream.top(), false);
  }

  StreamPosition join(Mailbox mailbox, StreamPolicy policy, long nowNanos) {
    used(policy, nowNanos);
    mailbox.requireOpen();
    if (!interested.contains(mailbox)) {
      interested.add(mailbox);
    }
    return stream.top();
  }

  /** True if the node had joined. */
  @CanIgnoreReturnValue
  boolean leave(Mailbox mailbox, long nowNanos) {
    boolean left = interested.remove(mailbox);
    if (left) {
      usedAtNanos = nowNanos;
    }
    return left;
  }

  HistoryPage read(StreamPolicy policy, HistoryQuery query, long nowNanos) {
    used(policy, nowNanos);
    return stream.read(policy, query, nowNanos);
  }

  StreamPosition removeHistory(StreamPolicy policy, long nowNanos) {
    used(policy, nowNanos);
    stream.clear();
    return stream.top();
  }

  /** Adds, or replaces, which makes another node's entry this lease's. True if it was added. */
  boolean add(Lease lease, ClientInfo member, boolean announce, int membersAtMost) {
    lease.requireLive();
    Entry present = members.get(member.client());
    if (present != null) {
      members.put(member.client(), new Entry(member, lease, present.announced()));
      present.lease().countEntry(-1);
      lease.countEntry(1);
      return false;
    }
    if (members.size() >= membersAtMost) {
      throw new BackplaneException(Reason.LIMIT, "the channel has " + membersAtMost + " members");
    }
    requireRoom();
    members.put(member.client(), new Entry(member, lease, announce));
    lease.countEntry(1);
    if (announce) {
      tell(listener -> listener.joined(name, member));
    }
    return true;
  }

  boolean remove(Lease lease, String client, long nowNanos) {
    lease.requireLive();
    Entry present = members.get(client);
    if (present == null || present.lease() != lease) {
      return false;
    }
    members.remove(client);
    gone(present, nowNanos);
    return true;
  }

  /** Removes every entry under {@code lease}; answers how many there were. */
  int removeAll(Lease lease, long nowNanos) {
    int before = members.size();
    Iterator<Entry> entries = members.values().iterator();
    while (entries.hasNext()) {
      Entry entry = entries.next();
      if (entry.lease() == lease) {
        entries.remove();
        gone(entry, nowNanos);
      }
    }
    return before - members.size();
  }

  Map<String, ClientInfo> members() {
    Map<String, ClientInfo> copy = new HashMap<>();
    members.forEach((client, entry) -> copy.put(client, entry.member()));
    return Map.copyOf(copy);
  }

  PresenceStats stats() {
    long users = members.values().stream().map(entry -> entry.member().user()).distinct().count();
    return new PresenceStats(members.size(), (int) users);
  }

  /** Drops old history, and retires the channel once no position in it can come back. */
  boolean expire(long nowNanos) {
    stream.trim(policy, nowNanos);
    long keepNanos = policy.historyTtl().plus(Backplane.POSITION_MARGIN).toNanos();
    retired = interested.isEmpty() && members.isEmpty() && nowNanos - usedAtNanos >= keepNanos;
    return retired;
  }

  /** Whether the store has dropped this channel: whoever still holds it looks it up again. */
  boolean isRetired() {
    return retired;
  }

  private void used(StreamPolicy policy, long nowNanos) {
    this.policy = policy;
    usedAtNanos = nowNanos;
  }

  private void gone(Entry entry, long nowNanos) {
    usedAtNanos = nowNanos;
    entry.lease().countEntry(-1);
    if (entry.announced()) {
      // Never refused for want of room: leaves are as bounded as the joins before them.
      tell(listener -> listener.left(name, entry.member()));
    }
  }

  private void tell(Consumer<BackplaneListener> event) {
    interested.forEach(mailbox -> mailbox.put(event));
  }

  private void requireRoom() {
    interested.forEach(Mailbox::requireRoom);
  }
}
