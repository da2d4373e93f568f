package io.tidegate.gateway.auth;

import static io.tidegate.gateway.auth.AuthException.Reason.BAD_CLAIM;
import static io.tidegate.gateway.auth.AuthException.Reason.MALFORMED_TOKEN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.SubscriptionOptions.Overrides;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a connection's token says of channels, and of the client to others. */
final class GrantClaimsTest {
  private static final String LONG = "\"" + "x".repeat(4095) + "\"";

  @Test
  void subsSayHowEachSubscriptionIsToBe() throws AuthException {
    Claims claims =
        parse(
            "\"subs\":{\"news\":{},\"chat:1\":{\"info\":{\"i\":1.50},\"data\":[2],\"later\":7,"
                + "\"override\":{\"presence\":{\"value\":true},\"join_leave\":{\"value\":false}}}},"
                + "\"channels\":[\"news\",\"chat:1\",\"x\"]");
    assertThat(claims.subscriptions())
        .isEqualTo(
            Map.of(
                "x",
                SubscriptionOptions.NONE,
                "news",
                SubscriptionOptions.NONE,
                "chat:1",
                new SubscriptionOptions(
                    Payload.utf8("{\"i\":1.50}"),
                    Payload.utf8("[2]"),
                    Identity.NEVER,
                    new Overrides(true, false, null, null, null))));
    assertThat(parse("\"subs\":{\"a\":null},\"channels\":null").subscriptions()).isEmpty();
  }

  @Test
  void subsAndChannelsAreAtMost128Together() throws AuthException {
    String subs =
        IntStream.range(0, 127)
            .mapToObj(i -> "\"c" + i + "\":{}")
            .collect(Collectors.joining(",", "\"subs\":{", "}"));
    assertThat(parse(subs + ",\"channels\":[\"c1\",\"d1\"]").subscriptions()).hasSize(128);
    assertRefused(
        subs + ",\"channels\":[\"d1\",\"d2\"]",
        "channels, subs (expected: at most 128 channels together)");
  }

  @Test
  void base64HoldsJsonAndStandsInForThePlainValue() throws AuthException {
    Claims claims =
        parse(
            "\"b64info\":\""
                + base64("{\"a\":1.0}")
                + "\",\"info\":1,\"subs\":{\"x\":{\"data\":2,\"b64data\":\""
                + base64("3")
                + "\",\"b64info\":\"\"}}");
    assertThat(claims.info()).isEqualTo(Payload.utf8("{\"a\":1.0}"));
    assertThat(claims.subscriptions().get("x"))
        .isEqualTo(
            new SubscriptionOptions(null, Payload.utf8("3"), Identity.NEVER, Overrides.NONE));
  }

  @Test
  void metaIsKeptAsItIs() throws AuthException {
    assertThat(parse("\"meta\":{\"role\":\"admin\",\"n\":1.10}").meta())
        .isEqualTo(Payload.utf8("{\"role\":\"admin\",\"n\":1.10}"));
  }

  @Test
  void capsGrantByNameOrByPatternAndTheFirstThatCoversDecides() throws AuthException {
    Identity identity =
        identity(
            "\"caps\":[{\"channels\":[\"chat:1\",\"chat:*\"],\"allow\":[\"sub\",\"pub\"]},"
                + "{\"channels\":[\"chat:*\",\"n?ws\"],\"match\":\"wildcard\",\"allow\":[\"hst\"]},"
                + "{\"channels\":[\"news\"],\"allow\":[\"prs\"]},{\"allow\":[\"pub\"]}]");
    assertThat(identity.grants(Right.SUBSCRIBE, "chat:1")).isTrue();
    assertThat(identity.grants(Right.PUBLISH, "chat:1")).isTrue();
    assertThat(identity.grants(Right.READ_HISTORY, "chat:1")).isFalse();
    assertThat(identity.grants(Right.SUBSCRIBE, "chat:2")).isFalse();
    assertThat(identity.grants(Right.READ_HISTORY, "chat:2")).isTrue();
    assertThat(identity.grants(Right.READ_HISTORY, "news")).isTrue();
    assertThat(identity.grants(Right.READ_PRESENCE, "news")).isFalse();
    assertThat(identity.grants(Right.PUBLISH, "other")).isFalse();
  }

  @Test
  void capsAreBounded() throws AuthException {
    assertThat(parse("\"caps\":" + caps(64, 2)).capabilities()).hasSize(64);
    assertRefused("\"caps\":" + caps(65, 1), "caps (expected: at most 64 items)");
    assertRefused("\"caps\":" + caps(43, 3), "caps.*.channels (expected: at most 128 in all)");
    assertRefused("\"caps\":" + caps(1, 129), "caps.*.channels (expected: at most 128 items)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "channels | \"news\"                        | channels (expected: an array of strings)",
        "channels | [7]                             | channels (expected: a string)",
        "subs     | [\"news\"]                      | subs (expected: an object)",
        "subs     | {\"news\": true}                | subs.* (expected: an object)",
        "subs     | {\"a\\nb\": {}}                 | subs (expected: printable text)",
        "subs     | {\"x\": {\"b64data\": 7}}       | subs.*.b64data (expected: a string)",
        "subs     | {\"x\": {\"b64data\": \"!\"}}   | subs.*.b64data (expected: JSON in base64)",
        "subs     | {\"x\": {\"b64info\": \"eA==\"}} | subs.*.b64info (expected: JSON in base64)",
        "subs     | {\"x\": {\"override\": 7}}      | subs.*.override (expected: an object)",
        "subs     | {\"x\": {\"override\": {\"presence\": true}}} | subs.*.override.presence (expected: an object)",
        "subs     | {\"x\": {\"override\": {\"presence\": {\"value\": 1}}}} | subs.*.override.presence.value (expected: true or false)",
        "b64info  | \"_w==\"                        | b64info (expected: JSON in base64)",
        "caps     | {}                              | caps (expected: an array of objects)",
        "caps     | [null]                          | caps (expected: an object)",
        "caps     | [{\"channels\": \"x\"}]         | caps.*.channels (expected: an array of strings)",
        "caps     | [{\"match\": \"regex\"}]        | caps.*.match (expected: wildcard, or none for names as they are)",
        "caps     | [{\"allow\": \"sub\"}]          | caps.*.allow (expected: an array of rights)",
        "caps     | [{\"allow\": [\"all\"]}]        | caps.*.allow (expected: sub, pub, prs or hst)",
      })
  void aBadClaimIsToldByItsNameAndWhatWasExpected(String claim, String value, String problem) {
    assertRefused("\"" + claim + "\":" + value, problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "meta", "subs.*.info", "subs.*.data"})
  void jsonIsAtMostFourKibibytes(String claim) {
    String value =
        claim.startsWith("subs")
            ? "\"subs\":{\"x\":{\"" + claim.substring(7) + "\":" + LONG + "}}"
            : "\"" + claim + "\":" + LONG;
    assertRefused(value, claim + " (expected: at most 4096 bytes)");
    assertRefused("\"b64info\":\"" + base64(LONG) + "\"", "b64info (expected: at most 4096 bytes)");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"subs\":{\"a\":{},\"a\":{}}",
        "\"subs\":{\"a\":{\"info\":1,\"info\":2}}",
        "\"caps\":[{\"allow\":[],\"allow\":[]}]",
        "\"channels\":[],\"channels\":[]"
      })
  void eachNameStandsOnce(String claims) {
    assertThat(refusal(claims).reason()).isEqualTo(MALFORMED_TOKEN);
  }

  /** Whatever stands in a claim, the token is taken within its bounds or refused, by name. */
  @Property(tries = 2_000)
  void anyValueIsTakenOrRefused(@ForAll("claims") String claims) {
    try {
      Claims taken = parse(claims);
      assertThat(taken.subscriptions()).hasSizeLessThanOrEqualTo(Claims.MAX_CHANNELS);
      assertThat(taken.capabilities()).hasSizeLessThanOrEqualTo(CapabilityClaims.MAX_CAPABILITIES);
    } catch (AuthException e) {
      assertThat(e.reason()).isIn(BAD_CLAIM, MALFORMED_TOKEN);
    }
    try {
      SubscriptionClaims taken =
          SubscriptionClaims.parse(
              ("{\"channel\":\"c\",\"sub\":\"a\"," + claims + "}").getBytes(UTF_8));
      assertThat(taken.channel()).isEqualTo("c");
    } catch (AuthException e) {
      assertThat(e.reason()).isIn(BAD_CLAIM, MALFORMED_TOKEN);
    }
  }

  @Provide
  Arbitrary<String> claims() {
    Arbitrary<String> names =
        Arbitraries.of(
            "sub",
            "channels",
            "subs",
            "caps",
            "meta",
            "info",
            "b64info",
            "data",
            "b64data",
            "override",
            "presence",
            "force_recovery",
            "value",
            "match",
            "allow",
            "exp",
            "client",
            "aud",
            "x");
    Arbitrary<String> leaves =
        Arbitraries.of(
            "null",
            "true",
            "1",
            "-1e9",
            "\"\"",
            "\"sub\"",
            "\"wildcard\"",
            "\"e30=\"",
            "\"*\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "}",
            "");
    Arbitrary<String> values =
        Arbitraries.recursive(
            () -> leaves,
            inner ->
                Arbitraries.oneOf(
                    inner.list().ofMaxSize(4).map(items -> "[" + String.join(",", items) + "]"),
                    members(names, inner).map(members -> "{" + members + "}")),
            0,
            4);
    return members(names, values);
  }

  private static Arbitrary<String> members(Arbitrary<String> names, Arbitrary<String> values) {
    return names
        .flatMap(name -> values.map(value -> "\"" + name + "\":" + value))
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(members -> String.join(",", members));
  }

  private static String caps(int count, int channels) {
    String one =
        IntStream.range(0, channels)
            .mapToObj(i -> "\"" + i + "\"")
            .collect(Collectors.joining(",", "{\"channels\":[", "]}"));
    return "["
        + String.join(",", List.copyOf(IntStream.range(0, count).mapToObj(i -> one).toList()))
        + "]";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static Identity identity(String claims) throws AuthException {
    Claims taken = parse(claims);
    return new Identity("a", null, taken.subscriptions(), taken.capabilities(), Identity.NEVER);
  }

  private static Claims parse(String claims) throws AuthException {
    return Claims.parse(("{\"sub\":\"a\"," + claims + "}").getBytes(UTF_8));
  }

  private static AuthException refusal(String claims) {
    return catchThrowableOfType(AuthException.class, () -> parse(claims));
  }

  private static void assertRefused(String claims, String problem) {
    assertThat(refusal(claims)).hasMessage("bad_claim: " + problem);
  }
}
