package io.tidegate.gateway.hub;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Connections that something was written to, in the order in which they are to be flushed. Those
 * that answer a command do not wait for those of a pass, of which there may be very many. Confined
 * to the loop.
 */
final class Flushes {
  /** Of each kind, before the loop gets to read again: some two milliseconds. */
  static final int SLICE = 256;

  private final Queue<Runnable> ofPass = new ArrayDeque<>();
  private final Queue<Runnable> answers = new ArrayDeque<>();

  void ofPass(Runnable flush) {
    ofPass.add(flush);
  }

  void answer(Runnable flush) {
    answers.add(flush);
  }

  /** Runs a slice. */
  void runSome() {
    runSome(answers);
    runSome(ofPass);
  }

  /** Whether no flush of a pass is left. */
  boolean passDone() {
    return ofPass.isEmpty();
  }

  boolean allDone() {
    return ofPass.isEmpty() && answers.isEmpty();
  }

  private static void runSome(Queue<Runnable> flushes) {
    for (int i = 0; i < SLICE && !flushes.isEmpty(); i++) {
      HubShard.safely(flushes.remove());
    }
  }
}
