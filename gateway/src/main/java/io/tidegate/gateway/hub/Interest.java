package io.tidegate.gateway.hub;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.StreamPosition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One channel on this node: which loops want it, and where the node stands in its stream. Guarded
 * by its own monitor, which is never held over a Future or while calling anything but a queue's
 * offer; so a loop that enters gets a position and, without hole or repeat, everything above it.
 *
 * <p>The link to the backplane moves through {@code IDLE -> JOINING -> LIVE -> LEAVING}; one
 * operation at a time, so a leave cannot overtake a join.
 */
final class Interest {
  /**
   * What may arrive between a join's effect and its answer; where it is more, all of it becomes a
   * gap up to {@link #earlyTop}.
   */
  private static final int EARLY = 1024;

  /** What the caller of a method has to do next, outside the monitor. */
  enum Next {
    NOTHING,
    JOIN,
    LEAVE,
    FORGET
  }

  private enum Link {
    IDLE,
    JOINING,
    LIVE,
    LEAVING
  }

  private record Early(String epoch, ChannelEvent event) {}

  private final List<LocalChannel> locals = new ArrayList<>(2);
  private final ArrayDeque<Early> early = new ArrayDeque<>(0);
  private @Nullable StreamPosition position;
  private @Nullable StreamPosition earlyTop;
  private @Nullable GapCause earlyGap;
  private Link link = Link.IDLE;
  private boolean forgotten;

  /** Absent when this object was forgotten meanwhile: take a new one. */
  synchronized @Nullable Next enter(LocalChannel local) {
    if (forgotten) {
      return null;
    }
    locals.add(local);
    if (link == Link.LIVE && position != null) {
      local.shard.tell(local, new Signal.Entered(position));
      return Next.NOTHING;
    }
    return link == Link.IDLE ? startJoin() : Next.NOTHING;
  }

  synchronized Next leave(LocalChannel local) {
    locals.remove(local);
    if (!locals.isEmpty() || link != Link.LIVE) {
      return Next.NOTHING;
    }
    return startLeave();
  }

  synchronized Next joined(StreamPosition joinedAt) {
    if (locals.isEmpty()) {
      return startLeave();
    }
    link = Link.LIVE;
    position = joinedAt;
    for (LocalChannel local : locals) {
      local.shard.tell(local, new Signal.Entered(joinedAt));
    }
    GapCause cause = earlyGap;
    StreamPosition resumed = earlyTop == null ? joinedAt : earlyTop;
    earlyGap = null;
    earlyTop = null;
    if (cause != null) {
      discontinued(resumed, cause);
      return Next.NOTHING;
    }
    for (Early e = early.poll(); e != null; e = early.poll()) {
      if (e.event.presence() || e.event.offset() > joinedAt.offset()) {
        happened(e.epoch, e.event);
      }
    }
    return Next.NOTHING;
  }

  synchronized Next refused(BackplaneException cause) {
    for (LocalChannel local : locals) {
      local.shard.tell(local, new Signal.Refused(cause));
    }
    locals.clear();
    return forget();
  }

  synchronized Next left() {
    return locals.isEmpty() ? forget() : startJoin();
  }

  synchronized void happened(String epoch, ChannelEvent event) {
    if (position == null) {
      hold(epoch, event);
      return;
    }
    if (!event.presence()) {
      position = new StreamPosition(epoch, event.offset());
    }
    if (locals.isEmpty()) {
      return;
    }
    var signal = new Signal.Happened(epoch, event);
    for (LocalChannel local : locals) {
      if (!local.lost && !local.shard.offer(local, signal)) {
        local.lost = true;
        local.shard.offerLost(local);
      }
    }
  }

  synchronized void discontinued(StreamPosition resumed, GapCause cause) {
    if (position == null) {
      if (link != Link.JOINING) {
        return;
      }
      early.clear();
      earlyTop = resumed;
      earlyGap = cause;
      return;
    }
    position = resumed;
    var signal = new Signal.Discontinued(resumed, cause);
    for (LocalChannel local : locals) {
      if (!local.lost) {
        local.shard.tell(local, signal);
      }
    }
  }

  synchronized void presenceReset() {
    if (position == null) {
      return; // Nobody here was told of any member yet.
    }
    for (LocalChannel local : locals) {
      if (!local.lost) {
        local.shard.tell(local, Signal.Presence.RESET);
      }
    }
  }

  /** The loop has room again: it is told of what it missed, and hears what follows. */
  synchronized void resume(LocalChannel local) {
    if (!local.lost || position == null) {
      return;
    }
    local.lost = false;
    local.shard.tell(local, new Signal.Discontinued(position, GapCause.OVERLOAD));
    local.shard.tell(local, Signal.Presence.RESET);
  }

  private void hold(String epoch, ChannelEvent event) {
    if (link != Link.JOINING) {
      return;
    }
    if (!event.presence()) {
      earlyTop = new StreamPosition(epoch, event.offset());
    }
    if (earlyGap == null && early.size() < EARLY) {
      early.add(new Early(epoch, event));
    } else if (earlyGap == null) {
      early.clear();
      earlyGap = GapCause.OVERLOAD;
    }
  }

  private Next startJoin() {
    link = Link.JOINING;
    return Next.JOIN;
  }

  /** From here on what still arrives is dropped: it belongs to no one here. */
  private Next startLeave() {
    link = Link.LEAVING;
    position = null;
    early.clear();
    earlyGap = null;
    earlyTop = null;
    return Next.LEAVE;
  }

  private Next forget() {
    link = Link.IDLE;
    position = null;
    early.clear();
    forgotten = true;
    return Next.FORGET;
  }
}
