package io.tidegate.gateway.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One run of the launcher, from its start to its exit code, with what it said meanwhile. */
public final class GatewayProcess {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration EXIT = Duration.ofSeconds(60);
  private static final Pattern STARTED =
      Pattern.compile("node started public=(\\d+) internal=(\\d+) ops=(\\d+)");

  private static final String PARANOID = "-Dio.netty.leakDetection.level=paranoid";

  private final Path directory;
  private final String name;
  private final Process process;
  private final Path out;
  private final Path err;
  private final HttpClient http = HttpClient.newHttpClient();

  private GatewayProcess(Path directory, String name, Process process, Path out, Path err) {
    this.directory = directory;
    this.name = name;
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts {@code tidegate ARGUMENTS}; its output goes to files in {@code directory}. */
  static GatewayProcess start(
      Path directory, String name, Map<String, String> environment, String... arguments) {
    // A file is read at leisure, and unlike a pipe it stays when the process has ended.
    Path out = directory.resolve(name + ".out");
    Path err = directory.resolve(name + ".err");
    String launcher = System.getProperty("tidegate.launcher");
    var builder =
        new ProcessBuilder(Stream.concat(Stream.of(launcher), Stream.of(arguments)).toList())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("TIDEGATE_"));
    builder.environment().putAll(environment);
    builder
        .environment()
        .merge("JAVA_OPTS", PARANOID + " -Xmx256m", (given, paranoid) -> paranoid + " " + given);
    try {
      return new GatewayProcess(directory, name, builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the node wants clients. */
  public GatewayProcess awaitReady() {
    await(name + " ready")
        .atMost(START)
        .until(() -> !process.isAlive() || (started().find() && ready() == 200));
    if (!process.isAlive()) {
      throw new AssertionError(name + " ended with " + process.exitValue() + "\n" + log());
    }
    return this;
  }

  URI uri() {
    return URI.create("ws://127.0.0.1:" + port(1) + "/connection/websocket");
  }

  public int publicPort() {
    return port(1);
  }

  public int opsPort() {
    return port(3);
  }

  ServerApi api(String key) {
    return new ServerApi(port(2), key);
  }

  public ServerApi api() {
    return api(NodeConfig.API_KEY);
  }

  /** Status of {@code /ready}; 0 where nobody answers. */
  int ready() {
    try {
      return ops("/ready").statusCode();
    } catch (IOException e) {
      return 0;
    }
  }

  String metrics() throws IOException {
    return ops("/metrics").body();
  }

  private HttpResponse<String> ops(String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + opsPort() + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  /** Ends it, where it still runs; fails if it reported a leak. */
  void end() throws IOException, InterruptedException {
    if (process.isAlive()) {
      if (started().find()) {
        reportLeaks();
      }
      kill();
    }
    if (log().contains("LEAK:")) {
      throw new AssertionError(name + " leaked\n" + log());
    }
  }

  /** The exit code. */
  int awaitExit() {
    return awaitExit(EXIT);
  }

  int awaitExit(Duration most) {
    try {
      if (!process.waitFor(most.toSeconds(), SECONDS)) {
        throw new AssertionError(name + " still runs after " + most + "\n" + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  /** Everything that the process said. */
  public String log() {
    return Stream.of(out, err)
        .map(file -> "--- " + file.getFileName() + " ---\n" + read(file))
        .reduce("", String::concat);
  }

  /** A leak is reported by the next buffer that is made after a collection has found it. */
  private void reportLeaks() throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    List<String> command = List.of(jcmd, Long.toString(pid()), "GC.run");
    Program.Outcome collection = Program.run(directory, EXIT, command);
    if (collection.exitCode() != 0 || ready() == 0) {
      throw new AssertionError(name + " does not tell leaks\n" + collection.output() + log());
    }
  }

  private int port(int group) {
    Matcher line = started();
    if (!line.find()) {
      throw new AssertionError(name + " is not started\n" + log());
    }
    MatchResult ports = line.toMatchResult();
    return Integer.parseInt(ports.group(group));
  }

  private Matcher started() {
    return STARTED.matcher(String.join("\n", List.of(out(), err())));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
