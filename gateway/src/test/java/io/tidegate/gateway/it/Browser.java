package io.tidegate.gateway.it;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One page in a headless Chromium, looked at through the DevTools protocol. */
final class Browser implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int ANSWER_SECONDS = 30;

  // For a network that is closed, and a certificate that nobody signed.
  private static final List<String> FLAGS =
      List.of(
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--ignore-certificate-errors",
          "--window-size=1100,700",
          "--remote-debugging-port=0");

  private final Process process;
  private final WebSocket devTools;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();

  private Browser(Process process, URI page) {
    this.process = process;
    this.devTools =
        HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(page, new Answers()).join();
  }

  /** Opens {@code url}; the profile and the log go to {@code directory}. */
  static Browser open(Path chromium, Path directory, String url) throws Exception {
    Path profile = Files.createDirectory(directory.resolve("chromium"));
    Path log = directory.resolve("chromium.log");
    var command = new ArrayList<String>();
    command.add(chromium.toString());
    command.addAll(FLAGS);
    command.add("--user-data-dir=" + profile);
    command.add(url);
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      Path port = profile.resolve("DevToolsActivePort");
      await("Chromium")
          .atMost(START)
          .until(() -> Files.exists(port) && Files.readAllLines(port).size() == 2);
      return new Browser(process, page(Files.readAllLines(port).get(0)));
    } catch (Exception | AssertionError e) {
      end(process);
      throw new AssertionError("Chromium did not start: " + Files.readString(log), e);
    }
  }

  private static URI page(String port) throws IOException, InterruptedException {
    URI list = URI.create("http://127.0.0.1:" + port + "/json/list");
    String pages =
        HttpClient.newHttpClient()
            .send(HttpRequest.newBuilder(list).build(), BodyHandlers.ofString())
            .body();
    return new JsonArray(pages)
        .stream()
            .map(JsonObject.class::cast)
            .filter(page -> page.getString("type").equals("page"))
            .map(page -> URI.create(page.getString("webSocketDebuggerUrl")))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no page in " + pages));
  }

  /** The text of the element with that id. */
  String text(String id) {
    var expression =
        new JsonObject()
            .put("expression", "document.getElementById('" + id + "')?.innerText ?? ''")
            .put("returnByValue", true);
    return call("Runtime.evaluate", expression).getJsonObject("result").getString("value");
  }

  void screenshot(Path png) throws IOException {
    JsonObject shot = call("Page.captureScreenshot", new JsonObject().put("format", "png"));
    Files.write(png, Base64.getDecoder().decode(shot.getString("data")));
  }

  @Override
  public void close() {
    devTools.abort();
    end(process);
  }

  private static void end(Process process) {
    List<ProcessHandle> family = process.descendants().toList();
    process.destroyForcibly();
    family.forEach(ProcessHandle::destroyForcibly);
  }

  private JsonObject call(String method, JsonObject params) {
    int id = ids.incrementAndGet();
    var answer = new CompletableFuture<JsonObject>();
    waiting.put(id, answer);
    var message = new JsonObject().put("id", id).put("method", method).put("params", params);
    return devTools
        .sendText(message.encode(), true)
        .thenCompose(sent -> answer)
        .orTimeout(ANSWER_SECONDS, SECONDS)
        .join();
  }

  private final class Answers implements WebSocket.Listener {
    private final StringBuilder partial = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        var message = new JsonObject(partial.toString());
        partial.setLength(0);
        CompletableFuture<JsonObject> answer = waiting.remove(message.getInteger("id", 0));
        if (answer != null) {
          answer.complete(message.getJsonObject("result"));
        }
      }
      from.request(1);
      return null;
    }
  }
}
