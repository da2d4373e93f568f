package io.tidegate.gateway.abuse;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** Many sockets that all do the same, as fast as one thread can. */
final class Crowd implements AutoCloseable {
  /** A guard against hanging for ever: no case takes that long. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final int TICK_MILLIS = 20;

  /** Or else the kernel would read for those who do not. */
  private static final int RECEIVE_BUFFER = 8 << 10;

  private final List<Attacker> attackers = new ArrayList<>();
  private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
  private final Selector selector;
  private final Thread thread = new Thread(this::run, "crowd");
  private volatile boolean over;

  private Crowd(int port, int count, IntFunction<String> from, @Nullable SSLContext tls) {
    try {
      selector = Selector.open();
      for (int i = 0; i < count; i++) {
        SocketChannel socket = SocketChannel.open();
        socket.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
        socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
        socket.bind(new InetSocketAddress(from.apply(i), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        var attacker = new Attacker(tls == null ? socket : TlsChannel.connect(socket, tls));
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ, attacker);
        attackers.add(attacker);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread.start();
  }

  /** So many connected sockets of one address. */
  static Crowd of(int count, int port) {
    return of(count, port, i -> "127.0.0.2");
  }

  /** So many by TLS, once the handshake of each is done. */
  static Crowd of(int count, int port, SSLContext tls) {
    return new Crowd(port, count, i -> "127.0.0.2", tls);
  }

  /** Each from the address that {@code from} says; all of 127.0.0.0/8 is this machine. */
  static Crowd of(int count, int port, IntFunction<String> from) {
    return new Crowd(port, count, from, null);
  }

  /** Each sends {@code bytes} as fast as they are taken. */
  Crowd send(byte[] bytes) {
    return send(bytes, 1);
  }

  /** Likewise, so many times. */
  Crowd send(byte[] bytes, int times) {
    return order(attacker -> attacker.send(bytes, times));
  }

  /** Each sends one byte after the other, with a while between two. */
  Crowd drip(byte[] bytes) {
    return order(attacker -> attacker.drip(bytes));
  }

  /** None reads any more. */
  Crowd deafen() {
    return order(attacker -> attacker.deaf(true));
  }

  /** Each says that it sends no more, but not to WebSocket. */
  Crowd endOutput() {
    return order(Attacker::endOutput);
  }

  Crowd listen() {
    return order(attacker -> attacker.deaf(false));
  }

  Crowd awaitEach(String what, Predicate<Attacker> reached) {
    try {
      await(what)
          .atMost(PATIENCE)
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(10))
          .until(() -> attackers.stream().allMatch(reached));
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + ": not reached by each of " + outcomes(), e);
    }
    return this;
  }

  /** Each has its 101. */
  Crowd awaitUpgraded() {
    return awaitEach("101", attacker -> attacker.answers.status() == 101);
  }

  /** Each has got a close frame with {@code code}. */
  Crowd awaitTold(int code) {
    return awaitEach("close " + code, attacker -> attacker.answers.closeCode() == code);
  }

  /** The node has ended the connection of each; how many ended in which way. */
  Map<String, Long> awaitEnds() {
    return awaitEach("end", Attacker::ended).outcomes();
  }

  Crowd awaitSent() {
    return awaitEach("all sent", Attacker::sent);
  }

  Map<String, Long> outcomes() {
    return attackers.stream().collect(groupingBy(Attacker::outcome, TreeMap::new, counting()));
  }

  /** Closes what is left, without a word. */
  @Override
  public void close() {
    over = true;
    selector.wakeup();
    try {
      thread.join(PATIENCE.toMillis());
      attackers.forEach(Attacker::close);
      selector.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Crowd order(Consumer<Attacker> what) {
    orders.add(() -> attackers.forEach(what));
    selector.wakeup();
    return this;
  }

  private void run() {
    ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
    long nextTick = System.nanoTime();
    try {
      while (!over) {
        for (Runnable next = orders.poll(); next != null; next = orders.poll()) {
          next.run();
        }
        if (System.nanoTime() - nextTick >= 0) {
          attackers.forEach(Attacker::tick);
          nextTick += TICK_MILLIS * 1_000_000L;
        }
        for (SelectionKey key : selector.keys()) {
          if (key.isValid() && key.attachment() instanceof Attacker attacker) {
            key.interestOps(attacker.interest());
          }
        }
        selector.select(key -> serve(key, buffer), TICK_MILLIS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(SelectionKey key, ByteBuffer buffer) {
    if (key.attachment() instanceof Attacker attacker) {
      if (key.isWritable()) {
        attacker.write();
      }
      if (key.isValid() && key.isReadable()) {
        attacker.read(buffer);
      }
    }
  }
}
