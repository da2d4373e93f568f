package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.HistoryPage;
import io.tidegate.backplane.HistoryPage.Continuity;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.PublishRequest;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One step on a channel, taken by its owner: decides what a command changes, applies it, and keeps
 * the {@link Change} for the backups. Confined to the partition's thread.
 */
final class Turn {
  private static final int LEAVES_PER_SWEEP = 256;
  private static final long TOUCH_MILLIS = 30_000;

  private final ChannelState state;
  private final Owner owner;
  private final boolean fresh;
  private final long before;
  private final Lineage lineageBefore;
  private final long offsetBefore;
  private final long movesBefore;
  private final List<Edit> edits = new ArrayList<>(4);
  private boolean begun;
  private boolean answersOldNews;
  private @Nullable String forked;

  /** A turn on {@code current}, or on a channel never used before. */
  Turn(@Nullable ChannelState current, Owner owner) {
    this.owner = owner;
    this.fresh = current == null;
    this.state =
        current == null
            ? new ChannelState(owner.newEpoch().get(), owner.term(), owner.nowMillis())
            : current;
    this.before = state.version();
    this.lineageBefore = state.lineage();
    this.offsetBefore = state.offset();
    this.movesBefore = state.moves();
    if (fresh) {
      begin();
    }
  }

  ChannelState state() {
    return state;
  }

  /** What the backups have to follow; null if nothing changed. */
  @Nullable Change change() {
    return begun
        ? new Change(before, lineageBefore, offsetBefore, movesBefore, owner.term(), now(), edits)
        : null;
  }

  /**
   * Whether the answer speaks of an earlier change that a backup may have missed: it may only be
   * given once the backups have the whole state.
   */
  boolean answersOldNews() {
    return answersOldNews;
  }

  Answer run(Batch batch) {
    if (!owner.isMember().test(batch.sender())) {
      return Answer.refused(Answer.Verdict.STRANGER);
    }
    ChannelState.LastBatch last = state.answered().get(batch.sender());
    if (last != null && batch.number() < last.number()) {
      return Answer.refused(Answer.Verdict.STALE);
    }
    settleTerm();
    answersOldNews = batch.repeated();
    List<Outcome> outcomes =
        last != null && batch.number() == last.number()
            ? repeat(batch, last.outcomes())
            : carryOut(batch);
    finish();
    return answer(outcomes, false);
  }

  /** Removes what is there of members that are gone; {@code more} tells whether any is left. */
  Answer sweep() {
    settleTerm();
    Predicate<UUID> isGone = owner.isMember().negate();
    List<Event.Moved> leaves = new ArrayList<>();
    int removed = 0;
    Iterator<ChannelState.Member> members = List.copyOf(state.members().values()).iterator();
    while (members.hasNext() && removed < LEAVES_PER_SWEEP) {
      ChannelState.Member member = members.next();
      if (isGone.test(member.node())) {
        addIfTold(leaves, leave(member));
        removed++;
      }
    }
    Set<UUID> nodes = new LinkedHashSet<>(state.interested());
    nodes.addAll(state.answered().keySet());
    nodes.removeIf(owner.isMember());
    if (!nodes.isEmpty()) {
      edit(new Edit.Forgotten(List.copyOf(nodes)));
    }
    if (state.holdsOldHistory(owner.nowMillis())) {
      begin();
    }
    finish();
    return answer(List.of(new Outcome.Moves(leaves)), members.hasNext());
  }

  /** Whether {@link #sweep} or expiry would find something to do. */
  static boolean needsSweep(ChannelState state, Owner owner) {
    return state.isExpired(owner.nowMillis())
        || state.holdsOldHistory(owner.nowMillis())
        || !state.interested().stream().allMatch(owner.isMember())
        || !state.answered().keySet().stream().allMatch(owner.isMember())
        || !state.members().values().stream().allMatch(m -> owner.isMember().test(m.node()));
  }

  HistoryPage read(StreamPolicy policy, HistoryQuery query) {
    settleTerm();
    if (fresh) {
      keep(policy);
    } else if (owner.nowMillis() - state.touchedMillis() > TOUCH_MILLIS) {
      // Somebody gets a position that he may still bring back.
      begin();
    }
    finish();
    EventLog log = state.log();
    List<Publication> kept = log == null ? List.of() : log.publications(policy, owner.nowMillis());
    var top = new StreamPosition(state.epoch(), state.offset());
    Continuity continuity = verdict(query, kept);
    return new HistoryPage(
        top, continuity == Continuity.FOREIGN ? List.of() : select(query, kept), continuity);
  }

  void removeHistory(StreamPolicy policy) {
    settleTerm();
    keep(policy);
    edit(new Edit.Cleared());
    finish();
  }

  private Continuity verdict(HistoryQuery query, List<Publication> kept) {
    StreamPosition since = query.since();
    if (since == null) {
      return Continuity.CONTINUOUS;
    }
    Place end = state.lineage().end(since.epoch(), state.offset(), state.moves());
    if (end == null || since.offset() > end.offset()) {
      return Continuity.FOREIGN;
    }
    long next = query.reverse() ? since.offset() - 1 : since.offset() + 1;
    boolean nothingThere = next < 1 || next > state.offset();
    long oldest = kept.isEmpty() ? state.offset() + 1 : kept.get(0).offset();
    return nothingThere || next >= oldest ? Continuity.CONTINUOUS : Continuity.TRIMMED;
  }

  private static List<Publication> select(HistoryQuery query, List<Publication> kept) {
    List<Publication> selected = new ArrayList<>();
    StreamPosition since = query.since();
    for (int i = 0; i < kept.size() && selected.size() != query.limit(); i++) {
      Publication publication = kept.get(query.reverse() ? kept.size() - 1 - i : i);
      if (since == null
          || (query.reverse()
              ? publication.offset() < since.offset()
              : publication.offset() > since.offset())) {
        selected.add(publication);
      }
    }
    return selected;
  }

  private List<Outcome> carryOut(Batch batch) {
    List<Outcome> outcomes = new ArrayList<>(batch.commands().size());
    List<Outcome> remembered = new ArrayList<>(batch.commands().size());
    boolean comparesOnly = true;
    for (Command command : batch.commands()) {
      Outcome outcome = carryOut(batch.sender(), command);
      outcomes.add(outcome);
      remembered.add(
          outcome instanceof Outcome.Standing standing
              ? new Outcome.Moves(standing.moves())
              : outcome);
      comparesOnly &= command instanceof Command.Assert held && held.since() != null;
    }
    if (!comparesOnly || !edits.isEmpty()) {
      edit(new Edit.Answered(batch.sender(), batch.number(), remembered));
    }
    return outcomes;
  }

  private List<Outcome> repeat(Batch batch, List<Outcome> remembered) {
    answersOldNews = true;
    List<Outcome> outcomes = new ArrayList<>(remembered.size());
    for (int i = 0; i < remembered.size(); i++) {
      boolean told = batch.commands().get(i) instanceof Command.Assert;
      Outcome outcome = remembered.get(i);
      outcomes.add(
          told && outcome instanceof Outcome.Moves moves
              ? standing(batch.sender(), (Command.Assert) batch.commands().get(i), moves.events())
              : outcome);
    }
    return outcomes;
  }

  private Outcome carryOut(UUID sender, Command command) {
    if (command instanceof Command.Publish publish) {
      return publish(publish.request());
    } else if (command instanceof Command.Add add) {
      return add(sender, add);
    } else if (command instanceof Command.Remove remove) {
      return remove(sender, remove.client());
    } else if (command instanceof Command.Assert held) {
      return agree(sender, held);
    }
    throw new IllegalStateException("command: " + command.getClass());
  }

  private Outcome publish(PublishRequest request) {
    keep(request.policy());
    Long first = state.known(request.idempotencyKey(), owner.nowMillis());
    if (first != null) {
      answersOldNews |= state.isToBeSentWhole();
      return new Outcome.Duplicate(first);
    }
    begin();
    var publication =
        new Publication(state.offset() + 1, request.data(), request.info(), request.tags(), now());
    edit(new Edit.Appended(publication, request.idempotencyKey()));
    return new Outcome.Appended(state.offset(), state.moves(), publication.timeMillis());
  }

  private Outcome add(UUID sender, Command.Add add) {
    if (!state.members().containsKey(add.member().client())
        && state.members().size() >= owner.membersAtMost()) {
      return new Outcome.Full();
    }
    Event.Moved told = enter(sender, new Command.Entry(add.member(), add.announced()));
    return told == null ? Outcome.Moves.NONE : new Outcome.Moves(List.of(told));
  }

  private Outcome remove(UUID sender, String client) {
    ChannelState.Member member = state.members().get(client);
    if (member == null || !member.node().equals(sender)) {
      return Outcome.Moves.NONE;
    }
    Event.Moved told = leave(member);
    return told == null ? Outcome.Moves.NONE : new Outcome.Moves(List.of(told));
  }

  private Outcome agree(UUID sender, Command.Assert held) {
    if (held.policy() != null) {
      keep(held.policy());
    }
    if (held.interested() != state.interested().contains(sender)) {
      edit(new Edit.Interest(sender, held.interested()));
    }
    List<Event.Moved> told = new ArrayList<>();
    if (held.entries() != null) {
      for (ChannelState.Member member : List.copyOf(state.members().values())) {
        if (member.node().equals(sender) && !held.entries().containsKey(member.info().client())) {
          addIfTold(told, leave(member));
        }
      }
      for (Map.Entry<String, Command.Entry> entry : held.entries().entrySet()) {
        addIfTold(told, enter(sender, entry.getValue()));
      }
    }
    return standing(sender, held, told);
  }

  private Outcome.Standing standing(UUID sender, Command.Assert held, List<Event.Moved> told) {
    int mine = 0;
    for (ChannelState.Member member : state.members().values()) {
      mine += member.node().equals(sender) ? 1 : 0;
    }
    EventLog log = state.log();
    Place since = held.since();
    EventLog.Page page =
        log == null || since == null
            ? EventLog.Page.NOTHING
            : log.after(since.offset(), since.moves());
    return new Outcome.Standing(
        told, state.lineage(), state.offset(), state.moves(), mine, page.events(), page.complete());
  }

  private Event.@Nullable Moved enter(UUID sender, Command.Entry entry) {
    ChannelState.Member known = state.members().get(entry.member().client());
    if (known != null) {
      if (!known.info().equals(entry.member()) || !known.node().equals(sender)) {
        edit(new Edit.Entered(entry.member(), sender, known.announced(), null));
      }
      return null;
    }
    Event.Moved told =
        entry.announced()
            ? new Event.Moved(true, entry.member(), state.offset(), state.moves() + 1)
            : null;
    edit(new Edit.Entered(entry.member(), sender, entry.announced(), told));
    return told;
  }

  private Event.@Nullable Moved leave(ChannelState.Member member) {
    Event.Moved told =
        member.announced()
            ? new Event.Moved(false, member.info(), state.offset(), state.moves() + 1)
            : null;
    edit(new Edit.Left(member.info().client(), told));
    return told;
  }

  private static void addIfTold(List<Event.Moved> events, Event.@Nullable Moved told) {
    if (told != null) {
      events.add(told);
    }
  }

  /** Another term's state was not handed over by a living owner: the stream forks. */
  private void settleTerm() {
    if (!fresh && state.term() != owner.term()) {
      forked = state.term() == 0 ? "merged" : "promoted";
      edit(new Edit.Forked(owner.newEpoch().get()));
    }
  }

  private void keep(StreamPolicy policy) {
    if (!policy.equals(state.policy())) {
      edit(new Edit.Keeps(policy));
    }
  }

  private void edit(Edit edit) {
    begin();
    state.apply(edit);
    edits.add(edit);
  }

  private void begin() {
    if (!begun) {
      begun = true;
      state.begin(owner.term(), owner.nowMillis());
    }
  }

  private void finish() {
    if (begun) {
      state.end();
    }
  }

  private long now() {
    return Math.max(state.touchedMillis(), owner.nowMillis());
  }

  private Answer answer(List<Outcome> outcomes, boolean more) {
    return new Answer(
        Answer.Verdict.DONE,
        state.epoch(),
        forked,
        List.copyOf(state.interested()),
        outcomes,
        more);
  }
}
