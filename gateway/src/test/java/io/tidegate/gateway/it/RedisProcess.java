package io.tidegate.gateway.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/** A Redis server that keeps what it is told on disk, on a port of its own. */
final class RedisProcess {
  private final int port = Ports.free();
  private final Path directory;
  private Process process;

  private RedisProcess(Path directory) {
    this.directory = directory;
    this.process = launch();
  }

  static RedisProcess start(Path directory) {
    return new RedisProcess(directory);
  }

  String uri() {
    return "redis://127.0.0.1:" + port;
  }

  int port() {
    return port;
  }

  /** The raw answer to one command, over a connection of its own. */
  @CanIgnoreReturnValue
  String command(String line) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(5_000);
      socket.getOutputStream().write((line + "\r\nQUIT\r\n").getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill() {
    process.destroyForcibly();
    Awaitility.await().until(() -> !process.isAlive());
  }

  /** Starts it anew on what it kept. */
  void restart() {
    process = launch();
  }

  private Process launch() {
    List<String> command =
        List.of(
            Requires.program("redis-server").toString(),
            "--bind",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--dir",
            directory.toString(),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "always");
    try {
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("redis.log").toFile())
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
      throw new AssertionError("redis-server ended, see " + directory.resolve("redis.log"));
    }
    try {
      return command("PING").startsWith("+PONG");
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }
}
