package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command {@code dev}: its demo page in a browser, its curl line in a shell. */
final class DevIT {
  private static final Path SCREENSHOT = Path.of("target", "demo.png");

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @Test
  void theDemoPageShowsWhatTheCurlLinePublishesAndWhoIsPresent() throws Exception {
    Path chromium = Requires.program("chromium");
    Requires.program("curl");
    GatewayProcess dev = dev("one");
    String url = "https://localhost:" + dev.publicPort() + "/";
    try (Browser browser = Browser.open(chromium, nodes.directory(), url)) {
      awaitText(browser, "state", "connected");
      assertThat(browser.text("user")).startsWith("guest-");
      awaitText(browser, "present", browser.text("user"));

      publishByCurl(dev);

      awaitText(browser, "messages", "hello");
      browser.screenshot(SCREENSHOT);
      assertThat(browser.text("problem")).isEmpty();
      assertThat(Files.size(SCREENSHOT)).isPositive();
    }
  }

  @Test
  void aSecondOneJoinsTheFirstByItselfAndOneOfAnotherHomeDoesNot() {
    GatewayProcess stranger = dev("stranger", nodes.directory().resolve("other-home"));
    GatewayProcess one = dev("one");
    GatewayProcess two = dev("two");

    String[] names = {"dev-" + one.publicPort(), "dev-" + two.publicPort()};
    one.api(apiKey(home())).awaitNodes(names);
    two.api(apiKey(home())).awaitNodes(names);
    assertThat(stranger.api(apiKey(nodes.directory().resolve("other-home"))).nodes())
        .containsExactly("dev-" + stranger.publicPort());
  }

  @Test
  void whatItKeepsIsForItsOwnerOnly() throws IOException {
    dev("one");

    try (var files = Files.list(home())) {
      assertThat(files)
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home())))
        .isEqualTo("rwx------");
  }

  private GatewayProcess dev(String name) {
    return dev(name, home());
  }

  private GatewayProcess dev(String name, Path home) {
    Map<String, String> environment = Map.of("TIDEGATE_DEV_HOME", home.toString());
    return nodes
        .run(
            name, environment, "dev", "--port=" + Ports.free(), "--internal-port=0", "--ops-port=0")
        .awaitReady();
  }

  private void publishByCurl(GatewayProcess dev) throws IOException, InterruptedException {
    String line =
        dev.out()
            .lines()
            .map(String::strip)
            .filter(l -> l.startsWith("curl "))
            .findFirst()
            .orElseThrow();
    var outcome = Program.run(nodes.directory(), Duration.ofSeconds(30), List.of("sh", "-c", line));
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    assertThat(outcome.output()).contains("\"offset\":");
  }

  private static void awaitText(Browser browser, String id, String expected) {
    await(id + " shows " + expected)
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(browser.text(id)).contains(expected));
  }

  private Path home() {
    return nodes.directory().resolve("home");
  }

  private static String apiKey(Path home) {
    try {
      return Files.readString(home.resolve("api_key")).strip();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
