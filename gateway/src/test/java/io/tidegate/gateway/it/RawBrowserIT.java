package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.service.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The two classic servers, configured as the document says, and a page with a plain WebSocket. */
final class RawBrowserIT {
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```");

  /** What the documented configurations leave to the machine. */
  private static final Map<String, String> MACHINE =
      Map.of(
          "TIDEGATE_LISTEN_PLAINTEXT", "true",
          "TIDEGATE_LISTEN_HOST", "127.0.0.1",
          "TIDEGATE_LISTEN_PORT", "0",
          "TIDEGATE_LISTEN_ORIGINS", "*",
          "TIDEGATE_INTERNAL_PORT", "0",
          "TIDEGATE_OPS_HOST", "127.0.0.1",
          "TIDEGATE_OPS_PORT", "0",
          "TIDEGATE_BACKPLANE_TYPE", "local");

  /** Sends a text and a binary frame, and writes down what comes, with its type. */
  private static final String PAGE =
      """
      <!doctype html>
      <p id="ann"></p>
      <p id="bob"></p>
      <script>
        const url = "%s";
        function open(name, opened) {
          const socket = new WebSocket(url);
          socket.binaryType = "arraybuffer";
          const log = text => document.getElementById(name).append(text + " ");
          socket.onopen = () => opened(socket);
          socket.onmessage = ({ data }) =>
            log(typeof data === "string" ? "<" + data + ">" : "[" + new Uint8Array(data) + "]");
          socket.onclose = ({ code }) => log("closed:" + code);
        }
        open("bob", bob => open("ann", ann => {
          ann.send("h\\u00e4llo");
          ann.send(new Uint8Array([0, 255]));
          ann.send("");
          ann.send("end");
          bob.send("re:hi");
        }));
      </script>
      """;

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();
  private final Backend pages = new Backend();

  @AfterEach
  void close() {
    pages.close();
  }

  @Test
  void theEchoSendsEachFrameBackAsItWas() throws Exception {
    Path chromium = Requires.program("chromium");
    try (Browser browser = page(chromium, serve(0), "/raw/echo")) {
      awaitText(browser, "ann", "<hällo> [0,255] <> <end>");
      awaitText(browser, "bob", "<re:hi>");
    }
  }

  @Test
  void inARoomEachFrameGoesToEverybodyElse() throws Exception {
    Path chromium = Requires.program("chromium");
    try (Browser browser = page(chromium, serve(1), "/raw/room?room=7")) {
      awaitText(browser, "bob", "<hällo> [0,255] <> <end>");
      awaitText(browser, "ann", "<re:hi>");
    }
  }

  private GatewayProcess serve(int example) throws IOException {
    String document = Files.readString(Path.of("../docs/raw.md"));
    List<String> examples =
        YAML.matcher(document).results().map((MatchResult found) -> found.group(1)).toList();
    Path file = nodes.directory().resolve("raw.yaml");
    Files.writeString(file, examples.get(example));
    return nodes.run("raw", MACHINE, "serve", "--config=" + file).awaitReady();
  }

  private Browser page(Path chromium, GatewayProcess node, String path) throws Exception {
    String page = PAGE.formatted("ws://127.0.0.1:" + node.publicPort() + path);
    pages.answers(
        request ->
            request
                .response()
                .putHeader("content-type", "text/html; charset=utf-8")
                .end(page)
                .onFailure(e -> {}));
    return Browser.open(chromium, nodes.directory(), pages.url().toString());
  }

  /** All of it: what is not to come would stand there as well. */
  private static void awaitText(Browser browser, String id, String expected) {
    await(id + " shows " + expected)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> assertThat(browser.text(id).strip().replaceAll("\\s+", " ")).isEqualTo(expected));
  }
}
