package io.tidegate.gateway.auth;

import static io.tidegate.gateway.auth.AuthException.Reason.BAD_CLAIM;
import static io.tidegate.gateway.auth.AuthException.Reason.BAD_SIGNATURE;
import static io.tidegate.gateway.auth.AuthException.Reason.MALFORMED_TOKEN;
import static io.tidegate.gateway.auth.AuthException.Reason.TOKEN_EXPIRED;
import static io.tidegate.gateway.auth.AuthException.Reason.TOKEN_NOT_YET_VALID;
import static io.tidegate.gateway.auth.AuthException.Reason.WRONG_AUDIENCE;
import static io.tidegate.gateway.auth.AuthException.Reason.WRONG_ISSUER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.AuthException.Reason;
import io.tidegate.gateway.auth.SubscriptionOptions.Overrides;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a verified subscription token grants, and which are refused. */
final class SubscriptionTokensTest {
  private static final long NOW = 1_800_000_000;
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
  private static final String NEWS = "{\"sub\":\"ann\",\"channel\":\"news\"";

  @Test
  void grantsOneChannelToOneUser() {
    assertThat(accepted(NEWS + "}"))
        .isEqualTo(new SubscriptionGrant("ann", "news", null, SubscriptionOptions.NONE));
    assertThat(accepted("{\"sub\":\"\",\"channel\":\"$x\",\"client\":\"c1\"}"))
        .isEqualTo(new SubscriptionGrant("", "$x", "c1", SubscriptionOptions.NONE));
    assertThat(accepted(NEWS + ",\"client\":\"\"}").client()).isNull();
  }

  @Test
  void saysHowTheSubscriptionIsToBe() {
    String data = Base64.getEncoder().encodeToString("{\"d\":1.50}".getBytes(UTF_8));
    SubscriptionOptions options =
        accepted(
                NEWS
                    + ",\"info\":{\"i\":1},\"b64data\":\""
                    + data
                    + "\",\"data\":7,\"override\":{\"presence\":{\"value\":true},"
                    + "\"join_leave\":{\"value\":false},\"force_push_join_leave\":{\"value\":true},"
                    + "\"force_recovery\":{\"value\":false},\"force_positioning\":{\"value\":true},"
                    + "\"other\":{\"value\":7}}}")
            .options();
    assertThat(options)
        .isEqualTo(
            new SubscriptionOptions(
                Payload.utf8("{\"i\":1}"),
                Payload.utf8("{\"d\":1.50}"),
                Identity.NEVER,
                new Overrides(true, false, true, true, false)));
  }

  @Test
  void overridesWithoutAValueChangeNothing() {
    for (String none : List.of("{}", "null", "{\"presence\":null}", "{\"presence\":{}}")) {
      assertThat(accepted(NEWS + ",\"override\":" + none + "}").options())
          .isEqualTo(SubscriptionOptions.NONE);
    }
    for (String bad : List.of("7", "{\"presence\":true}", "{\"presence\":{\"value\":\"yes\"}}")) {
      assertRefused(NEWS + ",\"override\":" + bad + "}", BAD_CLAIM);
    }
  }

  @Test
  void endsWithExpireAtOrElseWithExp() {
    assertThat(end("\"exp\":" + (NOW + 60))).isEqualTo((NOW + 60) * 1000);
    assertThat(end("\"exp\":" + (NOW + 60) + ",\"expire_at\":" + (NOW + 90)))
        .isEqualTo((NOW + 90) * 1000);
    assertThat(end("\"exp\":" + (NOW + 60) + ",\"expire_at\":0")).isEqualTo(Identity.NEVER);
    assertRefused(NEWS + ",\"exp\":" + (NOW - 30) + "}", TOKEN_EXPIRED);
    assertRefused(NEWS + ",\"nbf\":" + (NOW + 31) + "}", TOKEN_NOT_YET_VALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"sub\":\"a\"}", "{\"sub\":\"a\",\"channels\":[\"news\"]}"})
  void connectionsTokenIsNone(String payload) {
    assertRefused(payload, BAD_CLAIM);
    assertThat(refusal(payload))
        .hasMessage("bad_claim: channel: none (expected: the channel that it is for)");
  }

  @Test
  void opensNoConnection() {
    String token = Tokens.hs256(NEWS + "}");
    assertThat(
            JwtAuthenticator.create(settings(Tokens.SECRET, null, null), CLOCK)
                .authenticate(token)
                .cause())
        .hasMessage("bad_claim: channel (expected: none in a connection's token)");
  }

  @Test
  void namesUserAndChannel() {
    for (String bad : List.of("7", "[]", "\"\"", "null", "\"a\\nb\"")) {
      assertRefused("{\"sub\":\"ann\",\"channel\":" + bad + "}", BAD_CLAIM);
    }
    assertRefused("{\"channel\":\"news\"}", BAD_CLAIM);
    assertRefused(NEWS + ",\"client\":7}", BAD_CLAIM);
    assertRefused(NEWS + ",\"channel\":\"other\"}", MALFORMED_TOKEN);
  }

  @Test
  void isOfItsOwnKeyIssuerAndAudience() {
    assertThat(answer(settings("x".repeat(32), null, null), NEWS + "}").cause())
        .isInstanceOfSatisfying(
            AuthException.class, e -> assertThat(e.reason()).isEqualTo(BAD_SIGNATURE));
    assertThat(reason(answer(settings(Tokens.SECRET, "me", null), NEWS + "}")))
        .isEqualTo(WRONG_ISSUER);
    assertThat(reason(answer(settings(Tokens.SECRET, null, "me"), NEWS + "}")))
        .isEqualTo(WRONG_AUDIENCE);
  }

  private static long end(String claims) {
    return accepted(NEWS + "," + claims + "}").options().expiresAtMillis();
  }

  private static JwtSettings settings(
      String secret, @Nullable String issuer, @Nullable String audience) {
    return new JwtSettings(secret, List.of(), issuer, audience, Duration.ofSeconds(30));
  }

  private static Future<SubscriptionGrant> answer(JwtSettings settings, String payload) {
    return SubscriptionTokens.create(settings, CLOCK).verify(Tokens.hs256(payload));
  }

  private static SubscriptionGrant accepted(String payload) {
    Future<SubscriptionGrant> answer = answer(settings(Tokens.SECRET, null, null), payload);
    assertThat(answer.failed() ? answer.cause() : null).isNull();
    return answer.result();
  }

  private static Throwable refusal(String payload) {
    return answer(settings(Tokens.SECRET, null, null), payload).cause();
  }

  private static void assertRefused(String payload, Reason reason) {
    assertThat(refusal(payload))
        .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static @Nullable Reason reason(Future<SubscriptionGrant> answer) {
    return answer.cause() instanceof AuthException e ? e.reason() : null;
  }
}
