package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which pages may connect. */
final class OriginPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "https://app.example.com, https://app.example.com, true",
    "https://app.example.com, https://APP.Example.COM, true",
    "https://app.example.com, HTTPS://app.example.com:443, true",
    "https://app.example.com:443, https://app.example.com, true",
    "https://App.example.com, https://app.example.com, true",
    "https://app.example.com, https://app.example.com:8443, false",
    "https://app.example.com:8443, https://app.example.com:8443, true",
    "https://app.example.com, http://app.example.com, false",
    "http://localhost, http://localhost:80, true",
    "https://app.example.com, https://app.example.com.evil.org, false",
    "https://app.example.com, https://evil.org/https://app.example.com, false",
    "https://app.example.com, https://app.example.com@evil.org, false",
    "https://app.example.com, https://user@app.example.com, false",
    "https://app.example.com, https://appXexample.com, false",
    "https://*.example.com, https://a.example.com, true",
    "https://*.example.com, https://a.b.example.com, true",
    "https://*.example.com, https://example.com, false",
    "https://*.example.com, https://evilexample.com, false",
    "https://*.example.com, https://.example.com, false",
    "https://*.example.com, https://*.example.com, false",
    "https://*.example.com, https://a.example.com:444, false",
    "capacitor://localhost, capacitor://localhost, true",
    "capacitor://localhost, capacitor://localhost:1, false",
    "https://[::1]:8443, https://[::1]:8443, true",
    "*, https://anything.example, true",
    "*, null, false",
    "*, not-an-origin, false",
    "*, '', false",
    "null, null, true",
    "null, https://app.example.com, false",
  })
  void patternsDecide(String pattern, String origin, boolean allowed) {
    var policy = new OriginPolicy(List.of(pattern));
    assertThat(policy.allows(origin, "app.example.com", true)).isEqualTo(allowed);
  }

  @Test
  void anyOfSeveralPatternsSuffices() {
    var policy = new OriginPolicy(List.of("https://a.example", "https://*.b.example", "null"));
    assertThat(policy.allows("https://x.b.example", null, true)).isTrue();
    assertThat(policy.allows("https://a.example", null, true)).isTrue();
    assertThat(policy.allows("null", null, true)).isTrue();
    assertThat(policy.allows("https://own.host", "own.host", true)).isFalse();
  }

  @Test
  void whatIsNoBrowserIsAllowed() {
    assertThat(new OriginPolicy(List.of()).allows(null, "host", true)).isTrue();
    assertThat(new OriginPolicy(List.of("https://a.example")).allows(null, null, true)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://own.host, own.host, true, true",
    "https://own.host, OWN.host:443, true, true",
    "https://own.host:8443, own.host:8443, true, true",
    "https://own.host:8443, own.host, true, false",
    "https://own.host, own.host:8443, true, false",
    "https://other.host, own.host, true, false",
    "http://own.host, own.host, true, false",
    "http://own.host, own.host, false, true",
    "https://own.host, own.host, false, true",
    "http://127.0.0.1:9000, 127.0.0.1:9000, false, true",
    "https://[::1]:8443, [::1]:8443, true, true",
    "ftp://own.host, own.host, false, false",
    "null, own.host, true, false",
    "https://own.host, , true, false",
    "https://own.host, 'own.host/x', true, false",
  })
  void withoutPatternsTheOwnHostDecides(String origin, String host, boolean tls, boolean allowed) {
    assertThat(new OriginPolicy(List.of()).allows(origin, host, tls)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.com",
        "https://",
        "https://*",
        "https://a.*.com",
        "https://a.com/",
        "",
        "https://a.com:99999",
        "https://*a.com",
        "https://a.com https://b.com"
      })
  void whatIsNoPatternIsRefusedAtStart(String pattern) {
    assertThatThrownBy(() -> assertThat(new OriginPolicy(List.of(pattern))).isNull())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("origins: '" + pattern + "' (expected: ");
  }
}
