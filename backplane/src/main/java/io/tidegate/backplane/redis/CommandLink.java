package io.tidegate.backplane.redis;

import io.tidegate.backplane.redis.Call.Kind;
import io.tidegate.backplane.redis.Dialer.Line;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection for commands: pipelined, in order. What is not sent waits for the link until its
 * deadline; what was sent when the link broke is sent again in its place if it is repeatable, and
 * fails as indeterminate otherwise. Confined to the node's context; the node bounds how many calls
 * there are.
 */
final class CommandLink {
  /** What a call may take, waiting included. */
  static final Duration TIMEOUT = Duration.ofSeconds(3);

  private static final Logger log = LoggerFactory.getLogger(CommandLink.class);
  private static final int IN_FLIGHT_AT_MOST = 1_024;
  private static final long QUIET_NANOS = Duration.ofSeconds(10).toNanos();

  /** The server did nothing, and this connection is of no more use. */
  private static final Pattern UNFIT =
      Pattern.compile(
          "(READONLY|MASTERDOWN|LOADING|BUSY|TRYAGAIN|CLUSTERDOWN|NOAUTH).*", Pattern.DOTALL);

  /** The server refused before it did anything. */
  private static final Pattern REFUSED =
      Pattern.compile(
          "(WRONGTYPE|OOM|MISCONF|NOREPLICAS|NOPERM|EXECABORT|CROSSSLOT).*", Pattern.DOTALL);

  private final Vertx vertx;
  private final Context context;
  private final Dialer dialer;
  private final LongSupplier nanoTime;
  private final Backoff backoff;
  private final Runnable changed;
  private final Deque<Call> waiting = new ArrayDeque<>();
  private final Deque<Call> inFlight = new ArrayDeque<>();
  private final List<Call> undone = new ArrayList<>();
  private @Nullable Line line;
  private boolean draining;
  private boolean unfit;
  private boolean closed;
  private long downSince;
  private long lastLog;

  CommandLink(
      Vertx vertx,
      Context context,
      Dialer dialer,
      LongSupplier nanoTime,
      RandomGenerator random,
      Runnable changed) {
    this.vertx = vertx;
    this.context = context;
    this.dialer = dialer;
    this.nanoTime = nanoTime;
    this.backoff = new Backoff(random);
    this.changed = changed;
    this.downSince = nanoTime.getAsLong();
    this.lastLog = downSince - QUIET_NANOS;
  }

  /** Takes the first connection, and opens others by itself from then on. */
  void open(Line first) {
    opened(first);
  }

  @Nullable Line line() {
    return line;
  }

  /** Asks a script. */
  Future<Response> run(Script script, List<String> keys, Kind kind, Object... arguments) {
    Request request = Request.cmd(Command.EVALSHA).arg(script.sha()).arg(keys.size());
    keys.forEach(request::arg);
    for (Object argument : arguments) {
      Arguments.add(request, argument);
    }
    return send(request, kind);
  }

  /** The future completes later, never in the caller's stack. */
  Future<Response> send(Request request, Kind kind) {
    Promise<Response> promise = Promise.promise();
    long now = nanoTime.getAsLong();
    var call = new Call(request, kind, now + TIMEOUT.toNanos(), promise);
    if (closed || (line == null && now - downSince > TIMEOUT.toNanos())) {
      context.runOnContext(v -> call.giveUp("no connection to the store"));
    } else {
      waiting.add(call);
      pump();
    }
    return promise.future();
  }

  /** Looks for what is late; called often. */
  void tick() {
    long now = nanoTime.getAsLong();
    Call oldest = inFlight.peek();
    if (oldest != null && oldest.isLate(now) && line != null) {
      lost(line, "no answer in time");
    }
    if (draining && !undone.isEmpty() && undone.get(0).isLate(now) && line != null) {
      lost(line, "scripts are not loaded in time");
    }
    while (!waiting.isEmpty() && waiting.peek().isLate(now)) {
      waiting.remove().giveUp("no answer from the store in time");
    }
  }

  /** Ends the connection: another one is opened. */
  void reopen(String why) {
    if (line != null) {
      lost(line, why);
    }
  }

  void close() {
    closed = true;
    Line last = line;
    line = null;
    if (last != null) {
      last.hangUp();
    }
    failAll("the node is closed");
  }

  private void pump() {
    Line now = line;
    while (now != null
        && now == line
        && !draining
        && inFlight.size() < IN_FLIGHT_AT_MOST
        && !waiting.isEmpty()) {
      Call call = waiting.remove();
      inFlight.add(call);
      now.connection().send(call.send()).onComplete(answer -> answered(now, call, answer));
    }
  }

  private void answered(Line from, Call call, AsyncResult<Response> answer) {
    if (from != line) {
      return; // Settled when that line was lost.
    }
    if (answer.failed() && !isFromServer(answer.cause())) {
      lost(from, String.valueOf(answer.cause().getMessage()));
      return;
    }
    Call expected = inFlight.poll();
    assert expected == call : "answers out of order";
    if (answer.succeeded()) {
      backoff.reset();
      call.answer(answer.result());
    } else {
      refused(call, String.valueOf(answer.cause().getMessage()));
    }
    if (draining && inFlight.isEmpty() && from == line) {
      drained(from);
    }
    pump();
  }

  private void refused(Call call, String error) {
    boolean isUnfit = UNFIT.matcher(error).matches();
    if (isUnfit || error.startsWith("NOSCRIPT")) {
      // Everything behind it is answered first, so that the order stays.
      draining = true;
      unfit |= isUnfit;
      call.undone();
      undone.add(call);
      warn(error);
    } else {
      warn(error);
      if (REFUSED.matcher(error).matches()) {
        call.undone();
      }
      call.giveUp("the store refuses: " + error);
    }
  }

  private void drained(Line from) {
    if (unfit) {
      lost(from, "the server is not fit");
      return;
    }
    List<Future<Response>> loads = new ArrayList<>();
    for (Script script : Script.values()) {
      loads.add(
          from.connection().send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source())));
    }
    Future.all(loads)
        .onComplete(
            loaded -> {
              if (from != line) {
                return;
              }
              if (loaded.failed()) {
                lost(from, "scripts cannot be loaded");
                return;
              }
              putBack();
              draining = false;
              pump();
            });
  }

  private void lost(Line from, String why) {
    if (from != line) {
      return;
    }
    line = null;
    from.hangUp();
    long now = nanoTime.getAsLong();
    downSince = now;
    log.warn("link to the store lost link=commands reason={}", why);
    for (Call call : inFlight) {
      if (call.isRepeatable() && !call.isLate(now)) {
        undone.add(call);
      } else {
        call.giveUp("the link to the store broke");
      }
    }
    inFlight.clear();
    putBack();
    draining = false;
    unfit = false;
    changed.run();
    redial();
  }

  private void putBack() {
    for (int i = undone.size() - 1; i >= 0; i--) {
      waiting.addFirst(undone.get(i));
    }
    undone.clear();
  }

  private void redial() {
    long timer = vertx.setTimer(Math.max(1, backoff.nextMillis()), fired -> dial());
    assert timer >= 0;
  }

  private void dial() {
    if (closed) {
      return;
    }
    dialer
        .dial(Duration.ZERO)
        .onComplete(
            dialled -> {
              if (dialled.succeeded()) {
                opened(dialled.result());
              } else {
                warn(String.valueOf(dialled.cause().getMessage()));
                redial();
              }
            });
  }

  private void opened(Line now) {
    if (closed) {
      now.hangUp();
      return;
    }
    line = now;
    now.connection().exceptionHandler(failure -> lost(now, String.valueOf(failure.getMessage())));
    now.connection().endHandler(end -> lost(now, "the server closed it"));
    changed.run();
    pump();
  }

  private void failAll(String why) {
    List<Call> all = new ArrayList<>(inFlight);
    all.addAll(undone);
    all.addAll(waiting);
    inFlight.clear();
    undone.clear();
    waiting.clear();
    all.forEach(call -> call.giveUp(why));
  }

  /** Once in a while: a refusal may come with every call. */
  private void warn(String error) {
    long now = nanoTime.getAsLong();
    if (now - lastLog >= QUIET_NANOS) {
      lastLog = now;
      log.warn("the store refuses reason={}", error);
    }
  }

  private static boolean isFromServer(Throwable failure) {
    return failure instanceof ErrorType && !"CONNECTION_CLOSED".equals(failure.getMessage());
  }
}
