package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.JwtAuthenticator;
import io.tidegate.gateway.auth.JwtSettings;
import io.tidegate.gateway.auth.Right;
import io.tidegate.gateway.auth.SubscriptionGrant;
import io.tidegate.gateway.auth.SubscriptionTokens;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Map<String, String> ENVIRONMENT =
      Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_JWT_HMAC_SECRET", SECRET);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private int run(Map<String, String> environment, String... args) {
    return Main.run(
        new Terminal(environment, new PrintWriter(out, true), new PrintWriter(err, true)), args);
  }

  @Test
  void aGoodConfigurationPassesTheCheck() throws Exception {
    Path file = Files.writeString(directory.resolve("t.yaml"), "node: { name: alpha }\n", UTF_8);
    assertThat(run(ENVIRONMENT, "config", "check", "--config", file.toString())).isZero();
    assertThat(out.toString()).contains("alpha");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve", "config check", "config print", "token --user u"})
  void problemsGoToStandardErrorAllAtOnceAndTheCodeIsTwo(String command) {
    assertThat(run(Map.of("TIDEGATE_OPS_PORT", "x"), command.split(" "))).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString().lines())
        .contains(
            "tidegate: 3 problems in the configuration:",
            "  TIDEGATE_OPS_PORT: 'x' (expected: a port from 0 to 65535)");
  }

  @Test
  void aMissingFileIsWrongUsage() {
    assertThat(run(ENVIRONMENT, "serve", "--config", "/nowhere/t.yaml")).isEqualTo(2);
    assertThat(err.toString()).contains("--config: '/nowhere/t.yaml' (expected: a YAML file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "grid",
        "serve --nonsense",
        "config",
        "dev --port x",
        "dev --backplane nats",
        "dev --backplane redis --redis http://localhost",
        "token",
        "token --user u --ttl 5",
        "token --user u --info {",
        "token --user u --client c",
        "token --user u --subscription a --channel b",
        "token --user u --subscription a --subscribe b"
      })
  void wrongUsageIsTwo(String command) {
    String[] args = command.isEmpty() ? new String[0] : command.split(" ");
    assertThat(run(ENVIRONMENT, args)).isEqualTo(2);
    assertThat(err.toString()).isNotBlank();
  }

  @Test
  void devRefusesAPortThatIsNone() {
    var environment = Map.of("TIDEGATE_DEV_HOME", directory.resolve("dev").toString());
    assertThat(run(environment, "dev", "--port", "99999")).isEqualTo(2);
    assertThat(err.toString()).contains("--port: '99999' (expected: a port from 0 to 65535)");
  }

  @Test
  void printMasksSecrets() {
    assertThat(run(ENVIRONMENT, "config", "print")).isZero();
    assertThat(out.toString()).contains("hmac_secret: \"***\"").doesNotContain(SECRET);
  }

  @Test
  void referenceAndVersionAnswer() {
    assertThat(run(Map.of(), "config", "reference")).isZero();
    assertThat(out.toString()).startsWith("# Configuration");
    assertThat(run(Map.of(), "version")).isZero();
    assertThat(out.toString()).contains("tidegate ");
  }

  @Test
  void aTokenIsBelievedByANodeOfTheSameConfiguration() {
    int code =
        run(
            ENVIRONMENT,
            "token",
            "--user",
            "ann",
            "--ttl",
            "5m",
            "--info",
            "{ \"n\": 1.50 }",
            "--channel",
            "a",
            "--channel",
            "b");
    assertThat(code).isZero();
    var settings = new JwtSettings(SECRET, List.of(), null, null, Duration.ZERO);
    Future<Identity> identity =
        JwtAuthenticator.create(settings, Clock.systemUTC()).authenticate(out.toString().strip());
    assertThat(identity.succeeded()).as(() -> String.valueOf(identity.cause())).isTrue();
    assertThat(identity.result().user()).isEqualTo("ann");
    assertThat(identity.result().grants(Right.PUBLISH, "a")).isTrue();
    assertThat(identity.result().grants(Right.PUBLISH, "b")).isTrue();
    assertThat(identity.result().info()).isEqualTo(Payload.utf8("{ \"n\": 1.50 }"));
  }

  @Test
  void subscriptionTokensAreSignedWithTheirOwnSecret() {
    var environment = new HashMap<>(ENVIRONMENT);
    environment.put("TIDEGATE_AUTH_SUBSCRIPTION_JWT_HMAC_SECRET", "x".repeat(32));
    int code =
        run(environment, "token", "--user", "ann", "--subscription", "news", "--client", "c");
    assertThat(code).isZero();
    var settings = new JwtSettings("x".repeat(32), List.of(), null, null, Duration.ZERO);
    SubscriptionGrant grant =
        SubscriptionTokens.create(settings, Clock.systemUTC())
            .verify(out.toString().strip())
            .result();
    assertThat(grant.channel()).isEqualTo("news");
    assertThat(grant.client()).isEqualTo("c");
  }

  @Test
  void aTokenIsNotMadeWithoutASecret() {
    var anonymous = Map.of("TIDEGATE_LISTEN_PLAINTEXT", "true", "TIDEGATE_AUTH_ANONYMOUS", "true");
    assertThat(run(anonymous, "token", "--user", "u")).isEqualTo(2);
    assertThat(err.toString()).contains("auth.jwt.hmac_secret: missing");
  }
}
