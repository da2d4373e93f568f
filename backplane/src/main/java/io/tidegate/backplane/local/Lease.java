package io.tidegate.backplane.local;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A node's right to be listed, asked, and to hold presence entries, until it closes or stands still
 * too long. One object is one generation: a node that lost its lease takes a new one. Thread-safe.
 */
final class Lease {
  private final NodeInfo node;
  private final Context context;
  private final CommandHandler commands;
  private final BooleanSupplier responds;
  private final AtomicInteger entries = new AtomicInteger();
  private volatile boolean live = true;

  /** Time without renewal, as far as the store was up to see it. Guarded by {@link Leases}. */
  long idleNanos;

  Lease(NodeInfo node, Context context, CommandHandler commands, BooleanSupplier responds) {
    this.node = node;
    this.context = context;
    this.commands = commands;
    this.responds = responds;
  }

  NodeInfo node() {
    return node;
  }

  boolean isLive() {
    return live;
  }

  void end() {
    live = false;
  }

  void requireLive() {
    if (!live) {
      throw new BackplaneException(Reason.CLOSED, "the node has no lease");
    }
  }

  void countEntry(int change) {
    entries.addAndGet(change);
  }

  /** Presence entries held under this lease. */
  int entries() {
    return entries.get();
  }

  /** Lets the node handle {@code command} on its own context; a dead one never answers. */
  Future<Payload> ask(NodeCommand command) {
    Promise<Payload> answer = Promise.promise();
    context.runOnContext(
        v -> {
          if (responds.getAsBoolean()) {
            handle(command).onComplete(answer);
          }
        });
    return answer.future();
  }

  private Future<Payload> handle(NodeCommand command) {
    try {
      return requireNonNull(commands.handle(command), "answer of the command handler");
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }
}
