package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.backplane.Payload;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class TokenMintTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

  private static Clock at(Instant instant) {
    return Clock.fixed(instant, ZoneOffset.UTC);
  }

  private static JwtSettings settings(@Nullable String issuer, @Nullable String audience) {
    return new JwtSettings(Tokens.SECRET, List.of(), issuer, audience, Duration.ZERO);
  }

  @Test
  void whatIsMintedIsBelievedUntilItExpires() {
    JwtSettings settings = settings("https://issuer", "clients");
    var info = Payload.utf8("{\"n\":12345678901234567890.10,\"t\":\"\\u00e9 \\\"\"}");
    String token =
        new TokenMint(settings, at(NOW))
            .mint("ann \"quoted\"", Duration.ofMinutes(1), info, List.of("a:*"), List.of("news"));

    Identity identity =
        JwtAuthenticator.create(settings, at(NOW.plusSeconds(59))).authenticate(token).result();
    assertThat(identity.user()).isEqualTo("ann \"quoted\"");
    assertThat(identity.grants(Right.PUBLISH, "a:b")).isTrue();
    assertThat(identity.subscriptions()).containsOnlyKeys("news");
    assertThat(identity.info()).isEqualTo(info);
    assertThat(identity.expiresAtMillis()).isEqualTo(NOW.plusSeconds(60).toEpochMilli());

    Future<Identity> late =
        JwtAuthenticator.create(settings, at(NOW.plusSeconds(61))).authenticate(token);
    assertThat(late.cause())
        .isInstanceOfSatisfying(
            AuthException.class,
            e -> assertThat(e.reason()).isEqualTo(AuthException.Reason.TOKEN_EXPIRED));
  }

  @Test
  void subscriptionTokensAreBelievedByThoseWhoWantThem() {
    JwtSettings settings = settings(null, null);
    String token =
        new TokenMint(settings, at(NOW))
            .mintSubscription(
                "ann", "$chat:1", "c1", Duration.ofMinutes(1), Payload.utf8("{\"n\":1.0}"));

    SubscriptionGrant grant = SubscriptionTokens.create(settings, at(NOW)).verify(token).result();
    assertThat(grant.user()).isEqualTo("ann");
    assertThat(grant.channel()).isEqualTo("$chat:1");
    assertThat(grant.client()).isEqualTo("c1");
    assertThat(grant.options().info()).isEqualTo(Payload.utf8("{\"n\":1.0}"));
    assertThat(grant.options().expiresAtMillis()).isEqualTo(NOW.plusSeconds(60).toEpochMilli());
  }

  @Test
  void withPublicKeysOnlyThereIsNothingToSignWith() {
    var settings = new JwtSettings(null, List.of(), null, null, Duration.ZERO);
    assertThatThrownBy(() -> new TokenMint(settings, at(NOW)))
        .hasMessage("hmacSecret: none (expected: a secret to sign with)");
  }
}
