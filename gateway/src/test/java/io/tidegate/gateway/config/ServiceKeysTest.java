package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.backplane.InboxPolicy;
import io.tidegate.gateway.service.BreakerSettings;
import io.tidegate.gateway.service.ServiceSettings;
import io.tidegate.gateway.service.ServicesSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServiceKeysTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Map<String, String> LEAST =
      Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_ANONYMOUS", "true");
  private static final String GOOD =
      """
      services:
        chat:
          url: https://chat.example.com:8080/in?x=1
          secrets: [%1$s]
          timeout: 2s
          concurrency: 4
          breaker_calls: 10
          breaker_pause: 1s
        jobs: { type: stream, capacity: 320, max_answer: 1KiB }
      rpc: { chat.*: chat, chat.job: jobs, "*": jobs }
      send: { service: jobs }
      limits: { calls_in_flight: 5 }
      """
          .formatted(SECRET);

  private static LoadedConfig load(String yaml, Map<String, String> environment)
      throws ConfigException {
    var source = new ConfigSource("test.yaml", yaml, Path.of(""));
    return new ConfigLoader(environment, "box").load(source);
  }

  private static List<String> problems(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> load(yaml, LEAST)).problems();
  }

  @Test
  void withoutServicesNothingIsRouted() throws ConfigException {
    assertThat(load("", LEAST).config().services()).isEqualTo(ServicesSettings.NONE);
  }

  @Test
  void servicesAndRoutesAreRead() throws ConfigException {
    assertThat(load(GOOD, LEAST).config().services())
        .isEqualTo(
            new ServicesSettings(
                List.of(
                    new ServiceSettings.Http(
                        "chat",
                        URI.create("https://chat.example.com:8080/in?x=1"),
                        List.of(SECRET),
                        null,
                        Duration.ofSeconds(2),
                        4,
                        256,
                        65_536,
                        new BreakerSettings(10, 50, Duration.ofSeconds(1))),
                    new ServiceSettings.Stream(
                        "jobs", Duration.ofSeconds(5), 1_024, new InboxPolicy(320))),
                Map.of("chat.*", "chat", "chat.job", "jobs", "*", "jobs"),
                "jobs",
                5));
  }

  @Test
  void secretsMayComeFromTheEnvironment() throws ConfigException {
    var environment = new HashMap<>(LEAST);
    environment.put("TIDEGATE_SERVICES_CHAT_SECRETS", SECRET + "," + SECRET);
    String yaml = "services: { chat: { url: \"http://127.0.0.1:1/\" } }";
    ServiceSettings service = load(yaml, environment).config().services().services().get(0);
    assertThat(((ServiceSettings.Http) service).secrets()).containsExactly(SECRET, SECRET);
  }

  @Test
  void whatIsPrintedHidesSecretsAndLoadsAgain() throws ConfigException {
    LoadedConfig loaded = load(GOOD, LEAST);
    String printed = loaded.print();
    assertThat(printed)
        .doesNotContain(SECRET)
        .contains("\nrpc:\n  \"chat.*\": chat\n  chat.job: jobs\n  \"*\": jobs\n")
        .contains("\n    secrets: [\"***\"]\n");
    Config again = load(printed.replace("***", SECRET), Map.of()).config();
    assertThat(again.services()).isEqualTo(loaded.config().services());
  }

  @Test
  void everyProblemNamesKeyValueAndExpectation() {
    assertThat(
            problems(
                """
                services:
                  _x: { type: stream }
                  chat: { url: "ftp://x/", secrets: [whsec_short], timeout: 2h, breaker_calls: 0 }
                  bare: {}
                  jobs: { type: stream, url: "http://x/", capacity: 3 }
                  mail: { url: "http://ann@x/", secrets: [%s], capacity: 16 }
                rpc: { chat.*: chatt, "a*": jobs }
                send: { service: nobody }
                """
                    .formatted(SECRET)))
        .containsExactlyInAnyOrder(
            "services._x: a name (expected: 1 to 64 letters, digits, _ or -, no _ or - first)",
            "services.chat.url: 'ftp://x/' (expected: an address such as"
                + " https://backend.example.com/messages)",
            "services.chat.secrets: '***' (expected: whsec_ and base64 of 24 to 64 random bytes)",
            "services.chat.timeout: '2h' (expected: a duration from 10ms to 1m, such as 250ms, 30s"
                + " or 5m)",
            "services.chat.breaker_calls: '0' (expected: a whole number from 1 to 10000)",
            "services.bare.url: missing (expected: an address such as"
                + " https://backend.example.com/messages)",
            "services.bare.secrets: missing (expected: at least one, whsec_ and base64 of 24 to 64"
                + " random bytes)",
            "services.jobs.url: unknown key (expected: one of capacity, max_answer, timeout, type)",
            "services.jobs.capacity: '3' (expected: a whole number from 16 to 1000000)",
            "services.mail.url: 'http://ann@x/' (expected: an address such as"
                + " https://backend.example.com/messages)",
            "services.mail.capacity: unknown key (expected: one of breaker_calls,"
                + " breaker_failure_rate, breaker_pause, ca, concurrency, max_answer, secrets,"
                + " timeout, type, url, waiting)",
            "rpc.chat.*: 'chatt' (expected: one of _x, bare, chat, jobs, mail)",
            "rpc: 'a*' (expected: a method, the beginning of methods with .* behind, or *)",
            "send.service: 'nobody' (expected: one of _x, bare, chat, jobs, mail)");
  }

  @Test
  void anAuthorityHasToBeACertificate() {
    assertThat(
            problems(
                "services: { x: { url: \"https://x/\", secrets: [%s], ca: pom.xml } }"
                    .formatted(SECRET)))
        .containsExactly(
            "services.x.ca: '%s' (expected: a PEM file with one or more X.509 certificates)"
                .formatted(Path.of("pom.xml").toAbsolutePath()));
  }

  @Test
  void aRouteWithoutAnyServiceSaysSo() {
    assertThat(problems("rpc: { x: y }"))
        .containsExactly("rpc.x: 'y' (expected: a service, of which there is none under services)");
  }
}
