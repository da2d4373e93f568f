package io.tidegate.gateway.auth;

import static io.tidegate.gateway.auth.AuthException.Reason.BAD_SIGNATURE;
import static io.tidegate.gateway.auth.AuthException.Reason.MALFORMED_TOKEN;
import static io.tidegate.gateway.auth.AuthException.Reason.UNKNOWN_KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.AuthException.Reason;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which signatures are believed. */
final class JwtSignatureTest {
  private static final String PAYLOAD = "{\"sub\":\"alice\"}";
  private static final KeyPair RSA = Tokens.rsa(2048);
  private static final KeyPair OTHER_RSA = Tokens.rsa(2048);
  private static final KeyPair P256 = Tokens.ec("secp256r1");
  private static final KeyPair P384 = Tokens.ec("secp384r1");
  private static final KeyPair P521 = Tokens.ec("secp521r1");
  private static final KeyPair ED = Tokens.ed25519();

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void secretVerifiesItsHmacs(String algorithm) {
    assertAlice(withSecret().authenticate(signed(algorithm)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
      })
  void publicKeyVerifiesItsAlgorithms(String algorithm) {
    assertAlice(with(keyOf(algorithm)).authenticate(signed(algorithm)));
  }

  @Test
  void allKeysAtOnceVerifyAllAlgorithms() {
    Authenticator all = authenticator(Tokens.SECRET, RSA, OTHER_RSA, P256, P384, P521, ED);
    for (String algorithm :
        List.of("HS512", "RS256", "PS512", "ES256", "ES384", "ES512", "EdDSA")) {
      assertAlice(all.authenticate(signed(algorithm)));
    }
  }

  @Test
  void publicKeyIsNeverTakenForASecret() {
    for (byte[] bytes :
        List.of(RSA.getPublic().getEncoded(), Tokens.pem(RSA.getPublic()).getBytes(UTF_8))) {
      String forged = Tokens.signed("HS256", new HmacKey(bytes), null, PAYLOAD);
      assertRefused(with(RSA), forged, UNKNOWN_KEY);
      assertRefused(authenticator(Tokens.SECRET, RSA), forged, BAD_SIGNATURE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "NONE", "HS1", "ES256K", "RSA-OAEP", "dir", ""})
  void unknownAlgorithmIsOfNoKey(String algorithm) {
    String header = base64("{\"alg\":\"" + algorithm + "\"}");
    for (String signature : List.of("", "AAAA")) {
      assertRefused(withSecret(), header + "." + base64(PAYLOAD) + "." + signature, UNKNOWN_KEY);
    }
  }

  @Test
  void unsignedTokenOfTheLibraryIsOfNoKey() {
    var signature = new JsonWebSignature();
    signature.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
    signature.setAlgorithmHeaderValue("none");
    assertRefused(withSecret(), Tokens.sign(signature, null, PAYLOAD), UNKNOWN_KEY);
  }

  @Test
  void otherCurveAndOtherFamilyAreOfNoKey() {
    assertRefused(with(P256), signed("ES384"), UNKNOWN_KEY);
    assertRefused(with(P256), signed("RS256"), UNKNOWN_KEY);
    assertRefused(with(RSA), signed("EdDSA"), UNKNOWN_KEY);
    assertRefused(withSecret(), signed("RS256"), UNKNOWN_KEY);
    assertRefused(authenticator(null), signed("HS256"), UNKNOWN_KEY);
  }

  @Test
  void curveIsNotChangedByTheHeader() {
    String[] parts = signed("ES256").split("\\.", -1);
    String forged = base64("{\"alg\":\"ES384\"}") + "." + parts[1] + "." + parts[2];
    assertRefused(authenticator(null, P256, P384), forged, BAD_SIGNATURE);
  }

  @Test
  void shortSecretVerifiesNoLongHmac() {
    String secret = Tokens.SECRET.substring(0, 32);
    String token = Tokens.signed("HS512", new HmacKey(secret.getBytes(UTF_8)), null, PAYLOAD);
    assertRefused(authenticator(secret), token, UNKNOWN_KEY);
  }

  @Test
  void strangersAndChangedTokensAreRefused() {
    assertRefused(with(OTHER_RSA), signed("RS256"), BAD_SIGNATURE);
    String[] parts = signed("HS256").split("\\.", -1);
    String changed = parts[0] + "." + base64("{\"sub\":\"admin\"}") + "." + parts[2];
    assertRefused(withSecret(), changed, BAD_SIGNATURE);
    assertRefused(withSecret(), parts[0] + "." + parts[1] + ".", BAD_SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "ES384", "ES512", "EdDSA", "RS256", "PS256"})
  void signatureOfZerosOrOfTheWrongLengthIsRefused(String algorithm) {
    String[] parts = signed(algorithm).split("\\.", -1);
    int length = Base64.getUrlDecoder().decode(parts[2]).length;
    for (int bytes : new int[] {0, 1, length - 1, length, length + 1}) {
      String zeros = Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[bytes]);
      String forged = parts[0] + "." + parts[1] + "." + zeros;
      assertRefused(with(keyOf(algorithm)), forged, BAD_SIGNATURE);
    }
  }

  @Test
  void kidPicksTheKeyByFileNameOrThumbprint() throws Exception {
    Authenticator both = authenticator(null, OTHER_RSA, RSA);
    String thumbprint =
        org.jose4j.jwk.PublicJsonWebKey.Factory.newPublicJwk(RSA.getPublic())
            .calculateBase64urlEncodedThumbprint("SHA-256");
    for (String kid : List.of("key-1", thumbprint)) {
      assertAlice(both.authenticate(Tokens.signed("RS256", RSA.getPrivate(), kid, PAYLOAD)));
    }
    assertRefused(both, Tokens.signed("RS256", RSA.getPrivate(), "key-0", PAYLOAD), BAD_SIGNATURE);
  }

  @Test
  void kidThatNamesNoKeyLeavesItToTheSignature() {
    Authenticator both = authenticator(null, OTHER_RSA, RSA);
    assertAlice(both.authenticate(Tokens.signed("RS256", RSA.getPrivate(), "elsewhere", PAYLOAD)));
    assertAlice(both.authenticate(signed("RS256")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "a.b.c.d.e",
        "not a token",
        "e30.e30.",
        "W10.e30.AAAA",
        "e30.e30.AAAA",
        "bnVsbA.e30.AAAA",
        "eyJhbGciOjF9.e30.AAAA",
        "ä.ö.ü"
      })
  void whatIsNoTokenIsMalformed(String token) {
    assertRefused(withSecret(), token, MALFORMED_TOKEN);
  }

  @Test
  void noiseInTheAlphabetIsMalformed() {
    String token = signed("HS256");
    for (String noise : List.of("=", " ", "\n", "+", "/")) {
      assertRefused(withSecret(), token + noise, MALFORMED_TOKEN);
    }
  }

  @Test
  void criticalExtensionIsMalformed() {
    for (String extension :
        List.of("\"crit\":[\"b64\"],\"b64\":false", "\"b64\":false", "\"crit\":1")) {
      String header = base64("{\"alg\":\"HS256\"," + extension + "}");
      assertRefused(withSecret(), header + "." + base64(PAYLOAD) + ".AAAA", MALFORMED_TOKEN);
    }
  }

  @Test
  void tokenAboveEightKibibytesIsMalformedAndOneBelowIsRead() {
    String filler = "x".repeat(5_900);
    String fits = Tokens.hs256("{\"sub\":\"alice\",\"x\":\"" + filler + "\"}");
    assertThat(fits.length()).isBetween(7_900, TokenVerifier.MAX_TOKEN_LENGTH);
    assertAlice(withSecret().authenticate(fits));
    String tooLong = Tokens.hs256("{\"sub\":\"alice\",\"x\":\"" + filler + filler + "\"}");
    assertRefused(withSecret(), tooLong, MALFORMED_TOKEN);
  }

  @Property(tries = 500)
  void noTextIsAnsweredByAnythingButARefusal(@ForAll String header, @ForAll String text) {
    Authenticator authenticator = withSecret();
    for (String token :
        List.of(text, base64(header) + "." + base64(text) + ".AAAA", text + "." + text + ".")) {
      Future<Identity> answer = authenticator.authenticate(token);
      assertThat(answer.failed()).isTrue();
      assertThat(answer.cause()).isInstanceOf(AuthException.class);
    }
  }

  private static void assertAlice(Future<Identity> answer) {
    assertThat(answer.failed() ? answer.cause() : null).isNull();
    assertThat(answer.result().user()).isEqualTo("alice");
  }

  private static void assertRefused(Authenticator authenticator, String token, Reason reason) {
    Future<Identity> answer = authenticator.authenticate(token);
    assertThat(answer.failed()).isTrue();
    assertThat(answer.cause())
        .isInstanceOfSatisfying(AuthException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Authenticator withSecret() {
    return JwtAuthenticator.create(
        new JwtSettings(Tokens.SECRET, List.of(), null, null, Duration.ZERO), Clock.systemUTC());
  }

  private Authenticator with(KeyPair key) {
    return authenticator(null, key);
  }

  private Authenticator authenticator(@Nullable String secret, KeyPair... keys) {
    var files = new ArrayList<Path>();
    for (KeyPair key : keys) {
      Path file = directory.resolve("key-" + files.size() + ".pem");
      files.add(Tokens.write(file, Tokens.pem(key.getPublic())));
    }
    return JwtAuthenticator.create(
        new JwtSettings(secret, files, null, null, Duration.ZERO), Clock.systemUTC());
  }

  private static String signed(String algorithm) {
    return algorithm.startsWith("HS")
        ? Tokens.signed(algorithm, Tokens.hmac(), null, PAYLOAD)
        : Tokens.signed(algorithm, keyOf(algorithm).getPrivate(), null, PAYLOAD);
  }

  private static KeyPair keyOf(String algorithm) {
    return switch (algorithm) {
      case "ES256" -> P256;
      case "ES384" -> P384;
      case "ES512" -> P521;
      case "EdDSA" -> ED;
      default -> RSA;
    };
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
