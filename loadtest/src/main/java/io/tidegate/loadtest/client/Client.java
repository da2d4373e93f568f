package io.tidegate.loadtest.client;

import io.netty.channel.ChannelHandler;
import io.tidegate.loadtest.measure.Ledger;
import io.tidegate.loadtest.measure.Tally;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One client: connects, subscribes, publishes when told to, counts what arrives. Confined to its
 * event loop, except for the methods that say otherwise.
 */
public final class Client implements Conversation, Socket.Owner {
  private final Errand errand;
  private final RunClock clock;
  private final Tally tally;
  private final Ledger ledger;
  private final Dialect dialect;
  private final boolean acknowledged;
  private final Socket socket;
  private final CompletableFuture<Ready> ready = new CompletableFuture<>();
  private final CompletableFuture<String> gone = new CompletableFuture<>();
  private final Map<Integer, CompletableFuture<Void>> unanswered = new HashMap<>(2);
  private long readNanos;
  private long upgradedNanos;
  private long connectedNanos;
  private int pingSeconds;
  private int published;

  /**
   * A client that has connected, and has subscribed if it was to.
   *
   * @param upgradedNanos when the 101 was read
   * @param connectedNanos when the server let it in
   * @param positioned whether the subscription has offsets
   */
  public record Ready(
      long upgradedNanos, long connectedNanos, boolean positioned, int pingSeconds) {}

  /** What clients of one event loop share. */
  record Lane(Tally tally, FrameReader.Scratch scratch) {}

  /** A client that begins when its handler is connected; chance is for its loop alone. */
  Client(
      Errand errand, RunClock clock, Lane lane, Dialects speaks, URI url, SplittableRandom chance) {
    this.errand = errand;
    this.clock = clock;
    tally = lane.tally;
    ledger = errand.ledger();
    acknowledged = speaks.acknowledges();
    dialect = speaks.dialect(errand, clock.payloadBytes(), this);
    byte[] key = new byte[Handshake.KEY_BYTES];
    chance.nextBytes(key);
    var handshake = new Handshake(dialect.url(url), key, dialect.subprotocol(), dialect.headers());
    socket = new Socket(handshake, lane.scratch, chance, this);
  }

  ChannelHandler handler() {
    return socket;
  }

  /** Whether it was told to subscribe. From any thread. */
  public boolean subscribes() {
    return errand.channel() != null;
  }

  /** Completes once this client is of use, or with why it is not. From any thread. */
  public CompletableFuture<Ready> ready() {
    return ready;
  }

  /** Completes with the reason when the connection or subscription is over. From any thread. */
  public CompletableFuture<String> gone() {
    return gone;
  }

  /** What arrived. Read when the event loop has stopped. */
  public Ledger ledger() {
    return ledger;
  }

  /**
   * Publishes to its own channel or another. Completes when answered, or, where the server does not
   * answer, when sent. From any thread.
   */
  public CompletableFuture<Void> publish(String channel, String data) {
    var answer = new CompletableFuture<Void>();
    if (!socket.execute(() -> publish(channel, data, answer))) {
      answer.completeExceptionally(new ClientException("not connected"));
    }
    return answer;
  }

  private void publish(String channel, String data, CompletableFuture<Void> answer) {
    if (gone.isDone()) {
      answer.completeExceptionally(new ClientException("connection lost"));
      return;
    }
    int id = published++;
    if (acknowledged) {
      unanswered.put(id, answer);
    }
    send(dialect.publish(id, channel, data));
    if (!acknowledged) {
      answer.complete(null);
    }
  }

  /** Closes with a close frame, which the server answers. From any thread. */
  public void close() {
    socket.close();
  }

  /** Drops the connection where it is. From any thread. */
  public void drop(String reason) {
    socket.drop(reason);
  }

  @Override
  public void opened() {
    upgradedNanos = System.nanoTime();
    dialect.opened();
  }

  @Override
  public void message(byte[] bytes, int from, int to) {
    tally.bytes(to - from);
    readNanos = System.nanoTime();
    dialect.received(bytes, from, to);
  }

  @Override
  public void send(String message) {
    socket.send(message, dialect.binary());
  }

  @Override
  public void connected(int seconds) {
    connectedNanos = readNanos;
    pingSeconds = seconds;
  }

  @Override
  public void ready(boolean positioned) {
    ready.complete(new Ready(upgradedNanos, connectedNanos, positioned, pingSeconds));
  }

  @Override
  public void publication(byte[] bytes, int at, long offset) {
    int publisher = Payload.publisher(bytes, at);
    if (Payload.run(bytes, at) != clock.run()) {
      tally.foreign();
    } else if (Payload.channel(bytes, at) != errand.channelNumber()
        || publisher < 0
        || publisher >= errand.publishers()) {
      tally.misdelivered();
    } else if (ledger.enter(publisher, Payload.number(bytes, at), offset)) {
      tally.delivery();
      long due = Payload.dueNanos(bytes, at);
      if (clock.measured(due)) {
        tally.latency(readNanos - clock.startNanos() - due);
      }
      clock.delivered(errand.channelNumber(), publisher);
    }
  }

  @Override
  public void pinged() {
    tally.ping();
  }

  @Override
  public void answered(int id, @Nullable String error) {
    CompletableFuture<Void> answer = unanswered.remove(id);
    if (answer == null) {
      return;
    }
    if (error == null) {
      answer.complete(null);
    } else {
      answer.completeExceptionally(new ClientException(error));
    }
  }

  @Override
  public void giveUp(String reason) {
    socket.drop(reason);
  }

  @Override
  public void over(String reason) {
    ready.completeExceptionally(new ClientException(reason));
    gone.complete(reason);
    boolean unused = socket.execute(this::failUnanswered);
  }

  private void failUnanswered() {
    var answers = List.copyOf(unanswered.values());
    unanswered.clear();
    answers.forEach(answer -> answer.completeExceptionally(new ClientException("connection lost")));
  }
}
