package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.StreamPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of one channel. Changed by {@link Edit}s only, in the same way on the owner and
 * on its backups. Confined to the partition's thread. Collections start as the shared empty ones,
 * since most channels use few of them.
 */
final class ChannelState {
  private static final int BATCHES_REMEMBERED = 8;
  private static final long BATCH_MEMORY_MILLIS = 60_000;

  private Lineage lineage;
  private long term;
  private long version;
  private long offset;
  private long moves;
  private long touchedMillis;
  private StreamPolicy policy = StreamPolicy.NO_HISTORY;
  private @Nullable EventLog log;
  private Map<String, Known> keys = Map.of();
  private Map<String, Member> members = Map.of();
  private Set<UUID> interested = Set.of();
  private Map<UUID, LastBatch> answered = Map.of();

  /** The owner's own note, never sent: the version that backups were last given as a whole. */
  private long sentWhole = -1;

  /** Where a publication with an idempotency key went. */
  record Known(long offset, long atMillis) {}

  /** A presence entry with the node that holds the client's socket. */
  record Member(ClientInfo info, UUID node, boolean announced) {}

  /** A node's last batch, kept so that a repeated one is answered as the first was. */
  record LastBatch(long number, long atMillis, List<Outcome> outcomes) {}

  ChannelState(String epoch, long term, long nowMillis) {
    this.lineage = Lineage.start(epoch);
    this.term = term;
    this.touchedMillis = nowMillis;
  }

  Lineage lineage() {
    return lineage;
  }

  String epoch() {
    return lineage.epoch();
  }

  long term() {
    return term;
  }

  long version() {
    return version;
  }

  long offset() {
    return offset;
  }

  long moves() {
    return moves;
  }

  long touchedMillis() {
    return touchedMillis;
  }

  StreamPolicy policy() {
    return policy;
  }

  @Nullable EventLog log() {
    return log;
  }

  Map<String, Member> members() {
    return members;
  }

  Set<UUID> interested() {
    return interested;
  }

  Map<UUID, LastBatch> answered() {
    return answered;
  }

  /** The offset of the publication with this key, if it is still remembered. */
  @Nullable Long known(@Nullable String key, long nowMillis) {
    Known known = key == null ? null : keys.get(key);
    return known == null || isOlder(known.atMillis(), Backplane.IDEMPOTENCY_WINDOW, nowMillis)
        ? null
        : known.offset();
  }

  /** True when nobody uses the channel and nobody can hold a position of it any more. */
  boolean isExpired(long nowMillis) {
    return interested.isEmpty()
        && members.isEmpty()
        && isOlder(touchedMillis, policy.historyTtl().plus(Backplane.POSITION_MARGIN), nowMillis);
  }

  /** True when history that nobody may read any more has been waiting for a while. */
  boolean holdsOldHistory(long nowMillis) {
    return log != null
        && log.isOlderThan(nowMillis - policy.historyTtl().toMillis() - BATCH_MEMORY_MILLIS);
  }

  /** Starts a change: what follows was done at {@code atMillis} in {@code term}. */
  void begin(long inTerm, long atMillis) {
    term = inTerm;
    touchedMillis = Math.max(touchedMillis, atMillis);
    version++;
  }

  /** Ends a change: drops what has become too old. */
  void end() {
    if (log != null) {
      log.trim(policy, touchedMillis);
    }
    forgetOldKeys();
    if (answered.size() > BATCHES_REMEMBERED) {
      answered.values().removeIf(batch -> touchedMillis - batch.atMillis() > BATCH_MEMORY_MILLIS);
    }
  }

  void apply(Edit edit) {
    if (edit instanceof Edit.Appended appended) {
      append(appended);
    } else if (edit instanceof Edit.Answered batch) {
      var last = new LastBatch(batch.number(), touchedMillis, batch.outcomes());
      answered = answered.isEmpty() ? new HashMap<>(2) : answered;
      answered.put(batch.node(), last);
    } else if (edit instanceof Edit.Entered entered) {
      enter(entered);
    } else if (edit instanceof Edit.Left left) {
      leave(left);
    } else if (edit instanceof Edit.Interest interest) {
      setInterest(interest);
    } else if (edit instanceof Edit.Keeps keeps) {
      policy = keeps.policy();
    } else if (edit instanceof Edit.Forked forked) {
      lineage = lineage.fork(forked.epoch(), offset, moves);
    } else if (edit instanceof Edit.Forgotten forgotten) {
      forgotten.nodes().forEach(this::forget);
    } else if (edit instanceof Edit.Cleared && log != null) {
      log.clear();
    }
  }

  /**
   * Takes over a change that does not follow on this copy, since the copy missed something before.
   * What may have a hole now is dropped, so that nobody is told a history with a hole; the counts
   * go on, so that no offset is given twice.
   */
  void catchUp(Change change) {
    lineage = change.lineage();
    offset = change.offset();
    moves = change.moves();
    version = change.before();
    log = null;
    keys = Map.of();
  }

  /** True once for each version: whether backups still have to be given this state as a whole. */
  boolean isToBeSentWhole() {
    return sentWhole != version;
  }

  void noteSentWhole() {
    sentWhole = version;
  }

  /** What another side of a split may take over: the stream, without those who used it. */
  void orphan() {
    members = Map.of();
    interested = Set.of();
    answered = Map.of();
    term = 0;
  }

  private void append(Edit.Appended edit) {
    offset = edit.publication().offset();
    if (policy.historySize() > 0) {
      kept().add(new Event.Published(edit.publication(), moves));
    }
    String key = edit.idempotencyKey();
    if (key != null) {
      keys = keys.isEmpty() ? new LinkedHashMap<>(2) : keys;
      keys.remove(key);
      keys.put(key, new Known(offset, touchedMillis));
    }
  }

  private void enter(Edit.Entered edit) {
    members = members.isEmpty() ? new HashMap<>(2) : members;
    members.put(edit.member().client(), new Member(edit.member(), edit.node(), edit.announced()));
    move(edit.told());
  }

  private void leave(Edit.Left edit) {
    if (!members.isEmpty()) {
      members.remove(edit.client());
      members = members.isEmpty() ? Map.of() : members;
    }
    move(edit.told());
  }

  private void move(Event.@Nullable Moved event) {
    if (event != null) {
      moves = event.moves();
      kept().add(event);
    }
  }

  private void setInterest(Edit.Interest edit) {
    if (edit.interested()) {
      interested = interested.isEmpty() ? new HashSet<>(2) : interested;
      interested.add(edit.node());
    } else if (!interested.isEmpty()) {
      interested.remove(edit.node());
      interested = interested.isEmpty() ? Set.of() : interested;
    }
  }

  private void forget(UUID node) {
    setInterest(new Edit.Interest(node, false));
    if (!answered.isEmpty()) {
      answered.remove(node);
    }
  }

  private EventLog kept() {
    if (log == null) {
      log = new EventLog();
    }
    return log;
  }

  private void forgetOldKeys() {
    Iterator<Known> oldestFirst = keys.values().iterator();
    while (oldestFirst.hasNext()) {
      boolean old =
          isOlder(oldestFirst.next().atMillis(), Backplane.IDEMPOTENCY_WINDOW, touchedMillis);
      if (!old && keys.size() <= Backplane.IDEMPOTENCY_KEYS) {
        return;
      }
      oldestFirst.remove();
    }
  }

  private static boolean isOlder(long thenMillis, Duration age, long nowMillis) {
    return nowMillis - thenMillis > age.toMillis();
  }

  static void write(ObjectDataOutput out, ChannelState state) throws IOException {
    state.write(out);
  }

  private void write(ObjectDataOutput out) throws IOException {
    Wire.writeLineage(out, lineage);
    out.writeLong(term);
    out.writeLong(version);
    out.writeLong(offset);
    out.writeLong(moves);
    out.writeLong(touchedMillis);
    Wire.writePolicy(out, policy);
    Wire.writeAll(out, log == null ? List.of() : log.events(), EventWire::write);
    Wire.writeMap(out, keys, ObjectDataOutput::writeString, ChannelState::writeKnown);
    Wire.writeAll(out, members.values(), ChannelState::writeMember);
    Wire.writeAll(out, interested, Wire::writeUuid);
    Wire.writeMap(out, answered, Wire::writeUuid, ChannelState::writeLastBatch);
  }

  static ChannelState read(ObjectDataInput in) throws IOException {
    var state = new ChannelState("", 0, 0);
    state.readFields(in);
    return state;
  }

  private void readFields(ObjectDataInput in) throws IOException {
    lineage = Wire.readLineage(in);
    term = in.readLong();
    version = in.readLong();
    offset = in.readLong();
    moves = in.readLong();
    touchedMillis = in.readLong();
    policy = Wire.readPolicy(in);
    for (Event event : Wire.<Event>readList(in, EventWire::read)) {
      kept().add(event);
    }
    keys = Wire.readMap(in, Wire::readText, ChannelState::readKnown, LinkedHashMap::new);
    List<Member> entries = Wire.readList(in, ChannelState::readMember);
    members = entries.isEmpty() ? Map.of() : new HashMap<>();
    entries.forEach(entry -> members.put(entry.info().client(), entry));
    List<UUID> nodes = Wire.readList(in, Wire::readUuid);
    interested = nodes.isEmpty() ? Set.of() : new HashSet<>(nodes);
    answered = Wire.readMap(in, Wire::readUuid, ChannelState::readLastBatch, HashMap::new);
  }

  private static void writeKnown(ObjectDataOutput out, Known known) throws IOException {
    out.writeLong(known.offset());
    out.writeLong(known.atMillis());
  }

  private static Known readKnown(ObjectDataInput in) throws IOException {
    return new Known(in.readLong(), in.readLong());
  }

  private static void writeMember(ObjectDataOutput out, Member member) throws IOException {
    Wire.writeInfo(out, member.info());
    Wire.writeUuid(out, member.node());
    out.writeBoolean(member.announced());
  }

  private static Member readMember(ObjectDataInput in) throws IOException {
    return new Member(Wire.readInfo(in), Wire.readUuid(in), in.readBoolean());
  }

  private static void writeLastBatch(ObjectDataOutput out, LastBatch batch) throws IOException {
    out.writeLong(batch.number());
    out.writeLong(batch.atMillis());
    Wire.writeAll(out, batch.outcomes(), OutcomeWire::write);
  }

  private static LastBatch readLastBatch(ObjectDataInput in) throws IOException {
    return new LastBatch(in.readLong(), in.readLong(), Wire.readList(in, OutcomeWire::read));
  }
}
