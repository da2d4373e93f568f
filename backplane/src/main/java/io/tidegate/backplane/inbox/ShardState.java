package io.tidegate.backplane.inbox;

import io.tidegate.backplane.ServiceInbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One shard of an inbox. Not thread-safe: a store changes a shard one step at a time.
 *
 * <p>Letters stay until every group has acknowledged them. A group marks what it has handed out,
 * given back or acknowledged; what has no mark waits. A letter whose client has an earlier one that
 * the group has not acknowledged is not handed out, so a client's order holds while other clients'
 * letters pass by.
 */
public final class ShardState {
  private final TreeMap<Long, Item> items = new TreeMap<>();
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Map<String, Sent> senders = new LinkedHashMap<>();
  private long nextSequence = 1;
  private long bytes;
  private long changes;

  /** The owner's own note, never sent: the changes that backups were last given as a whole. */
  private long sentWhole = -1;

  /**
   * A letter that is held.
   *
   * @param attemptsBefore how often it may have been handed out before it came here
   */
  public record Item(Letter letter, int attemptsBefore) {}

  /** The last append of a node, and its answer. */
  public record Sent(long number, List<Boolean> accepted) {
    public Sent {
      accepted = List.copyOf(accepted);
    }
  }

  /** What one group knows: the nodes of its consumers, and its marks by sequence. */
  public record Group(Set<String> nodes, Map<Long, Mark> marks) {}

  /** Everything there is to a shard, for the way to another place. Views of the live state. */
  public record Content(
      long nextSequence,
      Map<Long, Item> items,
      Map<String, Group> groups,
      Map<String, Sent> senders) {}

  public ShardState() {}

  public static ShardState of(Content content) {
    var state = new ShardState();
    state.nextSequence = content.nextSequence();
    state.items.putAll(content.items());
    state.groups.putAll(content.groups());
    state.senders.putAll(content.senders());
    state.items.values().forEach(item -> state.bytes += item.letter().bytes());
    return state;
  }

  /** Whether there is nothing in it that anybody waits for. */
  public boolean isBlank() {
    return items.isEmpty() && groups.isEmpty();
  }

  public Content content() {
    return new Content(nextSequence, items, groups, senders);
  }

  /** The sequence of the letter that comes next. */
  public long nextSequence() {
    return nextSequence;
  }

  /**
   * Gives what comes next the sequences that the original of this copy gives it. A copy that missed
   * a step would otherwise call its letters by other names, and drop one where another is
   * acknowledged. A copy that is ahead stays so: it was given what comes next already.
   */
  public void numberFrom(long sequence) {
    nextSequence = Math.max(nextSequence, sequence);
  }

  /** Whether {@code op} may have been taken before, so that its answer says nothing new. */
  public boolean isRepeated(ShardOp op) {
    if (op instanceof ShardOp.Append append) {
      return isRepeated(append.sender(), append.number());
    }
    if (op instanceof ShardOp.Absorb absorb) {
      return isRepeated(absorb.sender(), absorb.number());
    }
    if (op instanceof ShardOp.Take take) {
      return take.repeated();
    }
    return !groups.containsKey(((ShardOp.Forget) op).group());
  }

  /** True once for each version: whether backups still have to be given this shard as a whole. */
  public boolean isToBeSentWhole() {
    return sentWhole != changes;
  }

  public void noteSentWhole() {
    sentWhole = changes;
  }

  /** Grows with each change, so that a step that changed nothing can be told. */
  public long changes() {
    return changes;
  }

  public ShardAnswer apply(ShardOp op, Moment moment) {
    if (op instanceof ShardOp.Append append) {
      return append(append, moment);
    }
    if (op instanceof ShardOp.Absorb absorb) {
      return absorb(absorb, moment);
    }
    if (op instanceof ShardOp.Take take) {
      return take(take, moment);
    }
    return forget((ShardOp.Forget) op);
  }

  private ShardAnswer absorb(ShardOp.Absorb absorb, Moment moment) {
    ShardAnswer before = repeated(absorb.sender(), absorb.number(), moment);
    return before == null
        ? done(absorb.sender(), absorb.number(), absorb(absorb.branch()), moment)
        : before;
  }

  private List<Boolean> absorb(ShardState other) {
    Set<String> known = new HashSet<>();
    items.values().forEach(item -> known.add(item.letter().message().id()));
    for (String group : other.groups.keySet()) {
      if (groups.size() < ServiceInbox.GROUPS) {
        groups.putIfAbsent(group, emptyGroup());
      }
    }
    List<Boolean> accepted = new ArrayList<>();
    for (Map.Entry<Long, Item> entry : other.items.entrySet()) {
      Item item = entry.getValue();
      boolean isNew = known.add(item.letter().message().id());
      accepted.add(isNew);
      if (isNew) {
        int attempts = Math.max(1, item.attemptsBefore());
        for (Group group : other.groups.values()) {
          Mark mark = group.marks().get(entry.getKey());
          attempts = Math.max(attempts, mark == null ? 0 : mark.attempt());
        }
        put(new Item(item.letter(), attempts));
      }
    }
    return accepted;
  }

  private ShardAnswer append(ShardOp.Append append, Moment moment) {
    ShardAnswer before = repeated(append.sender(), append.number(), moment);
    if (before != null) {
      return before;
    }
    boolean madeRoom = false;
    List<Boolean> accepted = new ArrayList<>();
    for (Letter letter : append.letters()) {
      boolean fits = fits(letter, append.capacity());
      if (!fits && !madeRoom) {
        madeRoom = true;
        dropExpired(moment);
        fits = fits(letter, append.capacity());
      }
      if (fits) {
        put(new Item(letter, 0));
      }
      accepted.add(fits);
    }
    return done(append.sender(), append.number(), accepted, moment);
  }

  /** The answer to a number that was used before; null if it is new. */
  private @Nullable ShardAnswer repeated(String sender, long number, Moment moment) {
    Sent last = senders.get(sender);
    if (last == null || !isRepeated(sender, number)) {
      return null;
    }
    // An older one than the last: its sender has given it up and hears no answer.
    List<Boolean> before = number == last.number() ? last.accepted() : List.of();
    return new ShardAnswer.Appended(before, consumers(moment));
  }

  private boolean isRepeated(String sender, long number) {
    Sent last = senders.get(sender);
    return number != 0 && last != null && number <= last.number();
  }

  private ShardAnswer done(String sender, long number, List<Boolean> accepted, Moment moment) {
    if (number != 0) {
      if (!senders.containsKey(sender)) {
        senders.keySet().removeIf(moment.isGone());
      }
      senders.put(sender, new Sent(number, accepted));
      changes++;
    }
    return new ShardAnswer.Appended(accepted, consumers(moment));
  }

  private boolean fits(Letter letter, int capacity) {
    return items.size() < capacity && bytes + letter.bytes() <= ServiceInbox.SHARD_BYTES;
  }

  private void put(Item item) {
    items.put(nextSequence++, item);
    bytes += item.letter().bytes();
    changes++;
  }

  private List<String> consumers(Moment moment) {
    Set<String> nodes = new HashSet<>();
    groups.values().forEach(group -> nodes.addAll(group.nodes()));
    nodes.removeIf(moment.isGone());
    return List.copyOf(nodes);
  }

  private ShardAnswer take(ShardOp.Take take, Moment moment) {
    Group group = groups.get(take.group());
    if (group == null) {
      if (groups.size() >= ServiceInbox.GROUPS) {
        return new ShardAnswer.TooManyGroups();
      }
      group = emptyGroup();
      groups.put(take.group(), group);
      changes++;
    }
    if (!group.nodes().contains(take.node())) {
      group.nodes().removeIf(moment.isGone());
      group.nodes().add(take.node());
      changes++;
    }
    for (ShardOp.Settlement settled : take.settled()) {
      settle(group, take.consumer(), settled, moment);
    }
    return handOut(group, take, moment);
  }

  private void settle(Group group, String consumer, ShardOp.Settlement settled, Moment moment) {
    Mark mark = group.marks().get(settled.sequence());
    if (mark == null
        || mark.standing() != Standing.HANDED_OUT
        || !mark.isOf(consumer, settled.taken())) {
      return;
    }
    group.marks().put(settled.sequence(), mark.settled(settled.done(), moment.nowMillis()));
    changes++;
    Item item = items.get(settled.sequence());
    if (item != null && isAcknowledgedByAll(settled.sequence())) {
      items.remove(settled.sequence());
      removed(settled.sequence(), item);
    }
  }

  private ShardAnswer handOut(Group group, ShardOp.Take take, Moment moment) {
    long now = moment.nowMillis();
    Set<String> waitingClients = new HashSet<>();
    List<ShardAnswer.Handed> handed = new ArrayList<>();
    boolean more = false;
    long due = Long.MAX_VALUE;
    for (Iterator<Map.Entry<Long, Item>> all = items.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Item> entry = all.next();
      long sequence = entry.getKey();
      Item item = entry.getValue();
      Mark mark = group.marks().get(sequence);
      if (mark != null && mark.standing() == Standing.ACKNOWLEDGED) {
        continue;
      }
      String client = item.letter().message().client().client();
      boolean isOut = mark != null && mark.isOut(moment);
      if (mark != null && isOut && mark.isOf(take.consumer(), take.number())) {
        handed.add(new ShardAnswer.Handed(sequence, mark.attempt(), item.letter()));
        waitingClients.add(client);
      } else if (mark != null && isOut) {
        due = Math.min(due, mark.untilMillis() - now);
        waitingClients.add(client);
      } else if (item.letter().message().isExpired(now)) {
        acknowledgeUnseen(group, entry, all);
      } else if (waitingClients.add(client)) {
        if (mark != null && mark.isPaused(now)) {
          due = Math.min(due, mark.untilMillis() - now);
        } else if (handed.size() >= take.want()) {
          more = true;
        } else {
          int attempt = 1 + (mark == null ? item.attemptsBefore() : mark.attempt());
          group.marks().put(sequence, Mark.handedOut(take, attempt, now));
          changes++;
          handed.add(new ShardAnswer.Handed(sequence, attempt, item.letter()));
        }
      }
    }
    return new ShardAnswer.Taken(handed, more, due);
  }

  private void acknowledgeUnseen(
      Group group, Map.Entry<Long, Item> entry, Iterator<Map.Entry<Long, Item>> all) {
    long sequence = entry.getKey();
    Item item = entry.getValue();
    group.marks().put(sequence, new Mark(Standing.ACKNOWLEDGED, 0, "", "", 0, 0));
    changes++;
    if (isAcknowledgedByAll(sequence)) {
      all.remove();
      removed(sequence, item);
    }
  }

  private void dropExpired(Moment moment) {
    for (Iterator<Map.Entry<Long, Item>> all = items.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Item> entry = all.next();
      boolean isExpired = entry.getValue().letter().message().isExpired(moment.nowMillis());
      boolean isOut =
          groups.values().stream()
              .map(group -> group.marks().get(entry.getKey()))
              .anyMatch(mark -> mark != null && mark.isOut(moment));
      if (isExpired && !isOut) {
        Item item = entry.getValue();
        long sequence = entry.getKey();
        all.remove();
        removed(sequence, item);
      }
    }
  }

  private ShardAnswer forget(ShardOp.Forget forget) {
    Group gone = groups.remove(forget.group());
    if (gone != null) {
      changes++;
      for (Iterator<Map.Entry<Long, Item>> all = items.entrySet().iterator(); all.hasNext(); ) {
        Map.Entry<Long, Item> entry = all.next();
        long sequence = entry.getKey();
        Item item = entry.getValue();
        if (isAcknowledgedByAll(sequence)) {
          all.remove();
          removed(sequence, item);
        }
      }
    }
    return new ShardAnswer.Forgotten();
  }

  private boolean isAcknowledgedByAll(long sequence) {
    for (Group group : groups.values()) {
      Mark mark = group.marks().get(sequence);
      if (mark == null || mark.standing() != Standing.ACKNOWLEDGED) {
        return false;
      }
    }
    return true;
  }

  private void removed(long sequence, Item item) {
    bytes -= item.letter().bytes();
    groups.values().forEach(group -> group.marks().remove(sequence));
    changes++;
  }

  private static Group emptyGroup() {
    return new Group(new HashSet<>(), new LinkedHashMap<>());
  }
}
