package io.tidegate.backplane.hazelcast;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A word to every other node, repeated until each has taken it or is gone, or until time is up.
 * Confined to the node's thread.
 */
final class Greeting {
  private final Grid grid;
  private final Question word;
  private final LongSupplier nanoTime;
  private final long until;
  private final Set<UUID> others;
  private final Set<UUID> underWay = new HashSet<>();
  private @Nullable Runnable done;

  Greeting(Grid grid, Question word, LongSupplier nanoTime, long patienceNanos, Runnable done) {
    this.grid = grid;
    this.word = word;
    this.nanoTime = nanoTime;
    this.until = nanoTime.getAsLong() + patienceNanos;
    this.done = done;
    this.others = new HashSet<>(grid.members());
    others.remove(word.sender());
  }

  void tick() {
    if (done == null) {
      return;
    }
    others.removeIf(other -> !grid.hasMember(other));
    for (UUID other : List.copyOf(others)) {
      if (underWay.add(other)) {
        grid.send(other, word, isTaken -> answered(other, isTaken));
      }
    }
    if (nanoTime.getAsLong() - until >= 0) {
      others.clear();
    }
    finish();
  }

  private void answered(UUID other, boolean isTaken) {
    underWay.remove(other);
    if (isTaken) {
      others.remove(other);
    }
    finish();
  }

  private void finish() {
    Runnable step = done;
    if (step != null && others.isEmpty()) {
      done = null;
      step.run();
    }
  }
}
