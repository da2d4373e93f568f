package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.StreamPolicy;
import io.vertx.core.Promise;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A caller's request to one channel, with the promise made to him. Confined to the node's thread
 * once it is made.
 */
final class Asked {
  private final Kind kind;
  private final @Nullable Command command;
  private final @Nullable StreamPolicy policy;
  private final int bytes;
  private final long deadlineNanos;
  private final Completion completion;
  private boolean open = true;
  private boolean newEntry;

  enum Kind {
    PUBLISH,
    JOIN,
    LEAVE,
    ADD,
    REMOVE
  }

  private interface Completion {
    void succeed(Answer answer, Outcome outcome);

    void fail(BackplaneException failure);
  }

  /**
   * Makes a request.
   *
   * @param command absent for joins and leaves, whose command depends on what the node holds then
   * @param result makes the caller's result; may throw a {@link BackplaneException}
   * @param settled runs once, when the caller has his answer
   */
  <T> Asked(
      Kind kind,
      @Nullable Command command,
      @Nullable StreamPolicy policy,
      int bytes,
      long deadlineNanos,
      Promise<T> promise,
      BiFunction<Answer, Outcome, T> result,
      Runnable settled) {
    this.kind = kind;
    this.command = command;
    this.policy = policy;
    this.bytes = bytes;
    this.deadlineNanos = deadlineNanos;
    this.completion =
        new Completion() {
          @Override
          public void succeed(Answer answer, Outcome outcome) {
            settled.run();
            try {
              promise.complete(result.apply(answer, outcome));
            } catch (BackplaneException refusal) {
              promise.fail(refusal);
            }
          }

          @Override
          public void fail(BackplaneException failure) {
            settled.run();
            promise.fail(failure);
          }
        };
  }

  Kind kind() {
    return kind;
  }

  @Nullable Command command() {
    return command;
  }

  @Nullable StreamPolicy policy() {
    return policy;
  }

  int bytes() {
    return bytes;
  }

  void isNewEntry(boolean isNew) {
    newEntry = isNew;
  }

  /** Whether an add put an entry where the node had none. */
  boolean isNewEntry() {
    return newEntry;
  }

  /** Whether the caller still waits. */
  boolean isOpen() {
    return open;
  }

  boolean isDue(long nowNanos) {
    return open && nowNanos - deadlineNanos >= 0;
  }

  void succeed(Answer answer, Outcome outcome) {
    if (open) {
      open = false;
      completion.succeed(answer, outcome);
    }
  }

  void fail(Reason reason, String message) {
    if (open) {
      open = false;
      completion.fail(new BackplaneException(reason, message));
    }
  }
}
