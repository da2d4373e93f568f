package io.tidegate.backplane;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Records what a node hears, and checks on the way what no test has to ask for: calls for one
 * channel never overlap, positions have no holes, no repeats and no change of epoch that was not
 * told, a join is told once and a leave is told once. What it finds is in {@link #violations}.
 * Thread-safe.
 */
public final class RecordingListener implements BackplaneListener {
  /** A call of the listener. */
  public sealed interface Event {}

  /** A call of {@link #publication}. */
  public record Heard(String epoch, Publication publication) implements Event {}

  /** A call of {@link #joined} or {@link #left}. */
  public record Moved(boolean in, ClientInfo member) implements Event {
    @Override
    public String toString() {
      return (in ? "+" : "-") + member.client();
    }
  }

  /** A call of {@link #discontinued}. */
  public record Gap(StreamPosition resumed, GapCause cause) implements Event {}

  /** A call of {@link #presenceReset}. */
  public record Reset() implements Event {}

  private final Map<String, Log> logs = new ConcurrentHashMap<>();
  private final Queue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicInteger leasesLost = new AtomicInteger();
  private volatile Supplier<Future<Void>> onLeaseLost = Future::succeededFuture;

  @Override
  public void publication(String channel, String epoch, Publication publication) {
    log(channel).take(new Heard(epoch, publication));
  }

  @Override
  public void joined(String channel, ClientInfo member) {
    log(channel).take(new Moved(true, member));
  }

  @Override
  public void left(String channel, ClientInfo member) {
    log(channel).take(new Moved(false, member));
  }

  @Override
  public void discontinued(String channel, StreamPosition resumed, GapCause cause) {
    log(channel).take(new Gap(resumed, cause));
  }

  @Override
  public void presenceReset(String channel) {
    log(channel).take(new Reset());
  }

  @Override
  public Future<Void> leaseLost() {
    leasesLost.incrementAndGet();
    return onLeaseLost.get();
  }

  public List<Event> events(String channel) {
    return log(channel).copy();
  }

  public List<Publication> publications(String channel) {
    return events(channel).stream()
        .filter(Heard.class::isInstance)
        .map(event -> ((Heard) event).publication())
        .toList();
  }

  public List<Long> offsets(String channel) {
    return publications(channel).stream().map(Publication::offset).toList();
  }

  public List<String> texts(String channel) {
    return publications(channel).stream().map(p -> p.data().text()).toList();
  }

  /** Joins and leaves in order, as {@code +client} and {@code -client}. */
  public List<String> moves(String channel) {
    return events(channel).stream().filter(Moved.class::isInstance).map(Object::toString).toList();
  }

  public List<String> violations() {
    return List.copyOf(violations);
  }

  public int leasesLost() {
    return leasesLost.get();
  }

  public void onLeaseLost(Supplier<Future<Void>> answer) {
    onLeaseLost = answer;
  }

  /** Runs {@code reaction} inside each later call for {@code channel}. */
  public void onEvent(String channel, Consumer<Event> reaction) {
    log(channel).reaction = reaction;
  }

  /** What follows may start anywhere: the node is about to join {@code channel} again. */
  void expectAnew(String channel) {
    log(channel).expectAnew();
  }

  private Log log(String channel) {
    return logs.computeIfAbsent(channel, Log::new);
  }

  private final class Log {
    private final String channel;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, Boolean> lastMoves = new HashMap<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private volatile Consumer<Event> reaction = event -> {};
    private @Nullable StreamPosition last;

    Log(String channel) {
      this.channel = channel;
    }

    void take(Event event) {
      if (!busy.compareAndSet(false, true)) {
        violations.add("calls overlap channel=" + channel + " event=" + event);
      }
      // Gives an overlapping call the chance to show itself.
      for (int i = 0; i < 50; i++) {
        Thread.onSpinWait();
      }
      try {
        record(event);
        reaction.accept(event);
      } finally {
        busy.set(false);
      }
    }

    private synchronized void record(Event event) {
      events.add(event);
      if (event instanceof Heard heard) {
        var next = new StreamPosition(heard.epoch(), heard.publication().offset());
        if (last != null && !next.equals(new StreamPosition(last.epoch(), last.offset() + 1))) {
          violations.add("heard " + next + " after " + last + " channel=" + channel);
        }
        last = next;
      } else if (event instanceof Gap gap) {
        last = gap.resumed();
      } else if (event instanceof Reset) {
        lastMoves.clear();
      } else if (event instanceof Moved moved) {
        Boolean before = lastMoves.put(moved.member().client(), moved.in());
        if (before != null && before == moved.in()) {
          violations.add("told twice " + moved + " channel=" + channel);
        }
      }
    }

    synchronized List<Event> copy() {
      return List.copyOf(events);
    }

    synchronized void expectAnew() {
      last = null;
      lastMoves.clear();
    }
  }
}
