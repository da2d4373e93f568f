package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/** A real server on a port and a directory of its own. */
final class RedisServer implements AutoCloseable {
  private static final int FIRST_PORT = 30_000;
  private static final int PORTS = 2_700;
  private static final int STEP = 61;

  private static final AtomicInteger nextPort =
      new AtomicInteger((int) (ProcessHandle.current().pid() * STEP % PORTS));

  private final int port;
  private final Path directory;
  private final List<String> options;
  private Process process;

  private RedisServer(int port, Path directory, List<String> options) {
    this.port = port;
    this.directory = directory;
    this.options = options;
    this.process = launch();
  }

  /** Starts one; {@code options} as on its command line. */
  static RedisServer start(String... options) {
    try {
      return new RedisServer(
          freePort(), Files.createTempDirectory("tidegate-redis"), List.of(options));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  RedisSettings settings(String cluster) {
    return RedisSettings.of(uri(), cluster);
  }

  /** Sends one command as a line of its own, over a connection of its own; the raw answer. */
  @CanIgnoreReturnValue
  String command(String line) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((line + "\r\nQUIT\r\n").getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it as the kernel would. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** Starts it anew, on what it kept on disk. */
  void restart() {
    process = launch();
  }

  /** What it kept on disk is gone. */
  void deleteData() {
    try (Stream<Path> files = Files.walk(directory)) {
      files
          .sorted(java.util.Comparator.reverseOrder())
          .filter(file -> !file.equals(directory))
          .forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Stops it where it stands, or lets it go on. */
  void signal(String signal) {
    try {
      int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start().waitFor();
      if (status != 0) {
        throw new AssertionError("kill -" + signal + ": " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitEnd();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError("redis-server does not end");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Process launch() {
    List<String> command = new ArrayList<>();
    command.add(program());
    command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port), "--save", ""));
    command.addAll(List.of("--dir", directory.toString(), "--daemonize", "no"));
    command.addAll(options);
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("log").toFile())
              .start();
      try {
        Awaitility.await().until(() -> isReady(started));
      } catch (RuntimeException | AssertionError e) {
        started.destroyForcibly();
        throw e;
      }
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady(Process started) {
    if (!started.isAlive()) {
      throw new AssertionError("redis-server ended, see " + directory.resolve("log"));
    }
    try {
      String answer = command("PING");
      return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  private static String program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, "redis-server"))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(RedisServer::missing)
        .toString();
  }

  private static AssertionError missing() {
    String problem = "the program 'redis-server' is not on the path";
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new AssertionError(problem + ", and with CI=true nothing may be skipped");
    }
    System.out.println("*** SKIPPED: " + problem + " ***");
    return Assumptions.abort(problem);
  }

  /**
   * Below the ports of outgoing connections: one of these would take it while the server is down.
   */
  static int freePort() {
    for (int tries = 0; tries < PORTS; tries++) {
      int port = FIRST_PORT + nextPort.getAndIncrement() % PORTS;
      if (isFree(port)) {
        return port;
      }
    }
    throw new AssertionError("no free port from " + FIRST_PORT + " to " + (FIRST_PORT + PORTS));
  }

  private static boolean isFree(int port) {
    try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
