package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.redis.Dialer.Line;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection on which a node hears. It holds what is subscribed and subscribes it anew, in
 * batches, whenever the connection was lost. Only subscriptions go over it: the client takes a
 * message for the answer to any other command. The node's own name is subscribed again every two
 * seconds, and a connection that is silent for six is given up. Confined to the node's context.
 */
final class SubscribeLink {
  private static final Logger log = LoggerFactory.getLogger(SubscribeLink.class);
  private static final Duration SILENCE = Duration.ofSeconds(6);
  private static final long SIGN_OF_LIFE_NANOS = Duration.ofSeconds(2).toNanos();
  private static final int BATCH = 500;

  /** Hears what is published under one name. */
  interface Ear {
    void message(byte[] content);

    /** The name is subscribed; not for the first time if {@code again}. */
    void subscribed(boolean again);
  }

  private final Vertx vertx;
  private final Context context;
  private final Dialer dialer;
  private final LongSupplier nanoTime;
  private final Backoff backoff;
  private final Runnable changed;
  private final Map<String, Topic> topics = new HashMap<>();
  private final Set<String> toSubscribe = new LinkedHashSet<>();
  private final Set<String> toUnsubscribe = new LinkedHashSet<>();
  private final ArrayDeque<Topic> unconfirmed = new ArrayDeque<>();
  private final String ownName;
  private final ArrayDeque<Promise<Void>> signs = new ArrayDeque<>();
  private Promise<Void> nextSignHeard = Promise.promise();
  private @Nullable Line line;
  private boolean flushing;
  private boolean closed;
  private long nextSign;

  private static final class Topic {
    final String name;
    final Ear ear;
    final long deadlineNanos;
    final Promise<Void> first = Promise.promise();

    Topic(String name, Ear ear, long deadlineNanos) {
      this.name = name;
      this.ear = ear;
      this.deadlineNanos = deadlineNanos;
    }
  }

  SubscribeLink(
      Vertx vertx,
      Context context,
      Dialer dialer,
      LongSupplier nanoTime,
      RandomGenerator random,
      String ownName,
      Runnable changed) {
    this.vertx = vertx;
    this.context = context;
    this.dialer = dialer;
    this.nanoTime = nanoTime;
    this.backoff = new Backoff(random);
    this.ownName = ownName;
    this.changed = changed;
  }

  /** Opens the connection, and another one whenever it is lost. */
  void open() {
    dial();
  }

  @Nullable Line line() {
    return line;
  }

  /** Completes when the server has confirmed it; fails, and forgets it, when that is late. */
  Future<Void> subscribe(String name, Ear ear) {
    var topic = new Topic(name, ear, nanoTime.getAsLong() + CommandLink.TIMEOUT.toNanos());
    topics.put(name, topic);
    unconfirmed.add(topic);
    toUnsubscribe.remove(name);
    toSubscribe.add(name);
    flushSoon();
    return topic.first.future();
  }

  /** Its ear hears nothing any more, from now on. */
  void unsubscribe(String name) {
    Topic topic = topics.remove(name);
    if (topic != null) {
      topic.first.tryFail(unavailable());
      giveUp(name);
    }
  }

  /**
   * Completes when everything was heard that the server had published before this call: it answers
   * in the order of its work. Fails when the connection is lost.
   */
  Future<Void> caughtUp() {
    if (line == null) {
      return Future.failedFuture(unavailable());
    }
    toSubscribe.add(ownName);
    flushSoon();
    return nextSignHeard.future();
  }

  void tick() {
    long now = nanoTime.getAsLong();
    while (!unconfirmed.isEmpty()
        && (unconfirmed.peek().first.future().isComplete()
            || now - unconfirmed.peek().deadlineNanos >= 0)) {
      Topic topic = unconfirmed.remove();
      if (topic.first.tryFail(unavailable()) && topics.remove(topic.name, topic)) {
        giveUp(topic.name);
      }
    }
    if (line != null && now - nextSign >= 0) {
      nextSign = now + SIGN_OF_LIFE_NANOS;
      toSubscribe.add(ownName);
      flushSoon();
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
    topics.values().forEach(topic -> topic.first.tryFail(unavailable()));
    topics.clear();
    unconfirmed.clear();
    forgetSigns();
  }

  /** A connection that is not there knows no names: the next one is told of those that are left. */
  private void giveUp(String name) {
    toSubscribe.remove(name);
    if (line != null) {
      toUnsubscribe.add(name);
      flushSoon();
    }
  }

  private void flushSoon() {
    if (!flushing && line != null) {
      flushing = true;
      context.runOnContext(v -> flush());
    }
  }

  private void flush() {
    flushing = false;
    Line now = line;
    if (now == null) {
      return;
    }
    send(now, Command.UNSUBSCRIBE, toUnsubscribe);
    if (toSubscribe.contains(ownName)) {
      signs.add(nextSignHeard);
      nextSignHeard = Promise.promise();
    }
    send(now, Command.SUBSCRIBE, toSubscribe);
  }

  private void send(Line to, Command command, Set<String> names) {
    Iterator<String> each = names.iterator();
    while (each.hasNext()) {
      Request request = Request.cmd(command);
      for (int i = 0; i < BATCH && each.hasNext(); i++) {
        request.arg(each.next());
      }
      to.connection()
          .send(request)
          .onFailure(failure -> lost(to, String.valueOf(failure.getMessage())));
    }
    names.clear();
  }

  private void receive(Line from, @Nullable Response message) {
    if (from != line || message == null) {
      return;
    }
    if (message.type() == ResponseType.ERROR) {
      refused(from, message.toString());
      return;
    }
    if (message.size() < 3) {
      return;
    }
    String kind = message.get(0).toString();
    Topic topic = topics.get(message.get(1).toString());
    if (topic == null) {
      return;
    }
    if (kind.equals("message")) {
      topic.ear.message(message.get(2).toBytes());
    } else if (kind.equals("subscribe")) {
      backoff.reset();
      if (topic.name.equals(ownName) && !signs.isEmpty()) {
        signs.remove().complete();
      }
      boolean again = !topic.first.tryComplete();
      topic.ear.subscribed(again);
    }
  }

  /** A subscription was refused, and the answer does not say which. */
  private void refused(Line from, String error) {
    var failure = new BackplaneException(Reason.UNAVAILABLE, "the store refuses: " + error);
    for (Topic topic : unconfirmed) {
      if (topic.first.tryFail(failure)) {
        topics.remove(topic.name, topic);
      }
    }
    lost(from, error);
  }

  private void lost(Line from, String why) {
    if (from != line) {
      return;
    }
    line = null;
    from.hangUp();
    forgetSigns();
    log.warn("link to the store lost link=events reason={}", why);
    changed.run();
    redial();
  }

  private void forgetSigns() {
    List<Promise<Void>> waiting = new ArrayList<>(signs);
    waiting.add(nextSignHeard);
    signs.clear();
    nextSignHeard = Promise.promise();
    waiting.forEach(sign -> sign.fail(unavailable()));
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
        .dial(SILENCE)
        .onComplete(
            dialled -> {
              if (dialled.succeeded()) {
                opened(dialled.result());
              } else {
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
    nextSign = nanoTime.getAsLong() + SIGN_OF_LIFE_NANOS;
    now.connection().exceptionHandler(failure -> lost(now, String.valueOf(failure.getMessage())));
    now.connection().endHandler(end -> lost(now, "the server closed it, or it was silent"));
    now.connection().handler(message -> receive(now, message));
    toUnsubscribe.clear();
    toSubscribe.clear();
    List<String> all = new ArrayList<>(topics.keySet());
    toSubscribe.addAll(all);
    changed.run();
    flushSoon();
  }

  private static BackplaneException unavailable() {
    return new BackplaneException(Reason.UNAVAILABLE, "the store did not confirm in time");
  }
}
