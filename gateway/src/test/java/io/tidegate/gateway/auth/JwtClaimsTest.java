package io.tidegate.gateway.auth;

import static io.tidegate.gateway.auth.AuthException.Reason.BAD_CLAIM;
import static io.tidegate.gateway.auth.AuthException.Reason.MALFORMED_TOKEN;
import static io.tidegate.gateway.auth.AuthException.Reason.TOKEN_EXPIRED;
import static io.tidegate.gateway.auth.AuthException.Reason.TOKEN_NOT_YET_VALID;
import static io.tidegate.gateway.auth.AuthException.Reason.WRONG_AUDIENCE;
import static io.tidegate.gateway.auth.AuthException.Reason.WRONG_ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.AuthException.Reason;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a verified token says, and whether it is accepted. */
final class JwtClaimsTest {
  private static final long NOW = 1_800_000_000;
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);

  @Test
  void tokenWithoutExpiryNeverEnds() {
    assertThat(accepted("{\"sub\":\"alice\"}"))
        .isEqualTo(Identity.of("alice", null, Identity.NEVER));
  }

  @Test
  void emptySubjectIsAnonymousButNoSubjectIsRefused() {
    assertThat(accepted("{\"sub\":\"\"}").anonymous()).isTrue();
    assertRefused("{}", BAD_CLAIM);
    assertRefused("{\"sub\":null}", BAD_CLAIM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "true", "[]", "{}", "\"a\\nb\"", "\"\\u0000\"", "\"\\ud800\""})
  void subjectIsPrintableText(String value) {
    assertRefused("{\"sub\":" + value + "}", BAD_CLAIM);
  }

  @Test
  void subjectIsAtMost255Bytes() {
    assertThat(accepted("{\"sub\":\"" + "ü".repeat(127) + "x\"}").user()).hasSize(128);
    assertRefused("{\"sub\":\"" + "ü".repeat(128) + "\"}", BAD_CLAIM);
  }

  @Test
  void infoSurvivesToTheDigit() {
    String info =
        "{\"n\":12345678901234567890.10,\"e\":1e400,\"z\":0.10,\"deep\":[[{\"a\":\"\\u00e4/\\/\"}]]}";
    assertThat(accepted("{\"sub\":\"a\",\"info\":" + info + ",\"x\":1}").info())
        .isEqualTo(Payload.utf8(info));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"text \\\" quoted\"", "12.50", "-0", "true", "[ 1, 2 ]", "[]", "\"\""})
  void infoIsAnyJsonValue(String info) {
    assertThat(accepted("{\"info\": " + info + " ,\"sub\":\"a\"}").info())
        .isEqualTo(Payload.utf8(info));
    assertThat(accepted("{\"sub\":\"a\",\"info\":" + info + "}").info())
        .isEqualTo(Payload.utf8(info));
  }

  @Test
  void infoHasNoLineBreaksAndNullIsNone() {
    assertThat(accepted("{\"sub\":\"a\",\n\"info\":{\n\"b\" : 1.0\r\n}}").info())
        .isEqualTo(Payload.utf8("{\"b\":1.0}"));
    assertThat(accepted("{\"sub\":\"a\",\"info\":null}").info()).isNull();
  }

  @Test
  void infoIsAtMostFourKibibytes() {
    String fits = "\"" + "x".repeat(4094) + "\"";
    assertThat(accepted("{\"sub\":\"a\",\"info\":" + fits + "}").info()).isNotNull();
    assertRefused("{\"sub\":\"a\",\"info\":\"x" + fits.substring(1) + "}", BAD_CLAIM);
  }

  @Test
  void channelsAreAtMost128Strings() {
    Identity identity = accepted("{\"sub\":\"a\",\"channels\":[\"x\",\"y:z\"]}");
    assertThat(identity.subscriptions())
        .isEqualTo(Map.of("x", SubscriptionOptions.NONE, "y:z", SubscriptionOptions.NONE));
    assertThat(identity.grants(Right.SUBSCRIBE, "x")).isTrue();
    assertThat(identity.grants(Right.PUBLISH, "x")).isFalse();
    assertThat(identity.grants(Right.SUBSCRIBE, "y:x")).isFalse();
    assertThat(accepted(channels(128)).subscriptions()).hasSize(128);
    assertRefused(channels(129), BAD_CLAIM);
    for (String value : List.of("\"x\"", "[1]", "[[]]", "[null]", "{}", "7")) {
      assertRefused("{\"sub\":\"a\",\"channels\":" + value + "}", BAD_CLAIM);
    }
  }

  @Test
  void subscriptionTokenOpensNoConnection() {
    assertRefused("{\"sub\":\"a\",\"channel\":\"news\"}", BAD_CLAIM);
  }

  @Test
  void repeatedClaimIsMalformed() {
    assertRefused("{\"sub\":\"a\",\"sub\":\"b\"}", MALFORMED_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "7", "[]", "\"sub\"", "{", "{}{}", "{\"sub\":\"a\"} x", "{\"sub\":a}"})
  void payloadIsAnObject(String payload) {
    assertRefused(payload, MALFORMED_TOKEN);
  }

  @Test
  void expiryEndsTheIdentityAndThenRefusesTheToken() {
    assertThat(accepted("{\"sub\":\"a\",\"exp\":" + (NOW + 60) + "}").expiresAtMillis())
        .isEqualTo((NOW + 60) * 1000);
    assertRefused("{\"sub\":\"a\",\"exp\":" + (NOW - 30) + "}", TOKEN_EXPIRED);
    assertRefused("{\"sub\":\"a\",\"exp\":0}", TOKEN_EXPIRED);
  }

  @Test
  void skewKeepsAnExpiredTokenUntilItsOwnEnd() {
    assertThat(accepted("{\"sub\":\"a\",\"exp\":" + (NOW - 29) + "}").expiresAtMillis())
        .isEqualTo((NOW + 1) * 1000);
  }

  @Test
  void timesMayHaveFractionsAndExponents() {
    assertThat(accepted("{\"sub\":\"a\",\"exp\":" + NOW + ".5}").expiresAtMillis())
        .isEqualTo(NOW * 1000 + 500);
    assertThat(accepted("{\"sub\":\"a\",\"exp\":2e9}").expiresAtMillis())
        .isEqualTo(2_000_000_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"1800000060\"",
        "-1",
        "1e300",
        "1e999",
        "99999999999999999999",
        "[]",
        "{}",
        "true"
      })
  void timeIsANumberOfSeconds(String value) {
    for (String claim : List.of("exp", "nbf", "iat", "expire_at")) {
      assertRefused("{\"sub\":\"a\",\"" + claim + "\":" + value + "}", BAD_CLAIM);
    }
  }

  @Test
  void expireAtStandsInForExpButDoesNotSaveAnExpiredToken() {
    String exp = "{\"sub\":\"a\",\"exp\":" + (NOW + 60) + ",\"expire_at\":";
    assertThat(accepted(exp + "0}").expiresAtMillis()).isEqualTo(Identity.NEVER);
    assertThat(accepted(exp + (NOW + 90) + "}").expiresAtMillis()).isEqualTo((NOW + 90) * 1000);
    assertRefused(exp + (NOW - 90) + "}", TOKEN_EXPIRED);
    assertRefused("{\"sub\":\"a\",\"exp\":" + (NOW - 60) + ",\"expire_at\":0}", TOKEN_EXPIRED);
  }

  @Test
  void tokenFromTheFutureIsNotYetValid() {
    for (String claim : List.of("nbf", "iat")) {
      String start = "{\"sub\":\"a\",\"" + claim + "\":";
      assertThat(accepted(start + (NOW + 30) + "}").user()).isEqualTo("a");
      assertRefused(start + (NOW + 31) + "}", TOKEN_NOT_YET_VALID);
    }
  }

  @Test
  void issuerMustBeTheConfiguredOne() {
    var settings = settings("https://issuer", null);
    assertThat(answer(settings, "{\"sub\":\"a\",\"iss\":\"https://issuer\"}").succeeded()).isTrue();
    assertRefused(settings, "{\"sub\":\"a\",\"iss\":\"https://other\"}", WRONG_ISSUER);
    assertRefused(settings, "{\"sub\":\"a\"}", WRONG_ISSUER);
    assertThat(accepted("{\"sub\":\"a\",\"iss\":\"anyone\"}").user()).isEqualTo("a");
  }

  @Test
  void audienceMustNameTheGateway() {
    var settings = settings(null, "gateway");
    for (String value : List.of("\"gateway\"", "[\"other\",\"gateway\"]")) {
      assertThat(answer(settings, "{\"sub\":\"a\",\"aud\":" + value + "}").succeeded()).isTrue();
    }
    for (String value : List.of("\"other\"", "[]", "[\"other\"]", "\"Gateway\"")) {
      assertRefused(settings, "{\"sub\":\"a\",\"aud\":" + value + "}", WRONG_AUDIENCE);
    }
    assertRefused(settings, "{\"sub\":\"a\"}", WRONG_AUDIENCE);
    assertRefused("{\"sub\":\"a\",\"aud\":\"gateway\"}", WRONG_AUDIENCE);
  }

  @Test
  void expiredTokenIsSaidToBeExpiredOnlyIfItWasRightOtherwise() {
    assertRefused(settings("me", null), "{\"sub\":\"a\",\"iss\":\"you\",\"exp\":1}", WRONG_ISSUER);
  }

  @Test
  void refusalHoldsNothingOfTheToken() {
    Throwable refusal =
        answer(settings(null, null), "{\"sub\":\"a\",\"aud\":\"private-value\"}").cause();
    assertThat(refusal).message().startsWith("wrong_audience: ").doesNotContain("private-value");
  }

  private static String channels(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"c" + i + "\"")
        .collect(Collectors.joining(",", "{\"sub\":\"a\",\"channels\":[", "]}"));
  }

  private static JwtSettings settings(@Nullable String issuer, @Nullable String audience) {
    return new JwtSettings(Tokens.SECRET, List.of(), issuer, audience, Duration.ofSeconds(30));
  }

  private static Future<Identity> answer(JwtSettings settings, String payload) {
    return JwtAuthenticator.create(settings, CLOCK).authenticate(Tokens.hs256(payload));
  }

  private static Identity accepted(String payload) {
    Future<Identity> answer = answer(settings(null, null), payload);
    assertThat(answer.failed() ? answer.cause() : null).isNull();
    return answer.result();
  }

  private static void assertRefused(String payload, Reason reason) {
    assertRefused(settings(null, null), payload, reason);
  }

  private static void assertRefused(JwtSettings settings, String payload, Reason reason) {
    assertThat(answer(settings, payload).cause())
        .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
