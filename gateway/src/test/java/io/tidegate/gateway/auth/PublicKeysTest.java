package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.spec.NamedParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files hold a usable key; how the others are told of. */
final class PublicKeysTest {
  // Self-signed, CN=issuer, P-256; made with openssl, valid for a day only.
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBdzCCAR2gAwIBAgIUIazfMOUGBDs9e1wrO8L2bgDsq9EwCgYIKoZIzj0EAwIw
      ETEPMA0GA1UEAwwGaXNzdWVyMB4XDTI2MTEyMTAzMDMwNloXDTI2MTEyMjAzMDMw
      NlowETEPMA0GA1UEAwwGaXNzdWVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE
      orwFNHg/qr2bHzBmAKMAdir+Yizzi2H7/CTA9RLkeH9XmcZRl1Atr6cnr0udM4cB
      qVSfdWLM85Kjpp12+P42dKNTMFEwHQYDVR0OBBYEFMGzuKxJjd0Fl0OEkOfxpAHK
      iPkFMB8GA1UdIwQYMBaAFMGzuKxJjd0Fl0OEkOfxpAHKiPkFMA8GA1UdEwEB/wQF
      MAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIhAJnHySJk7J9iTuY+L7/2Vq5I4p3Dgb6S
      44i3tJvmQyyMAiAYVx798pMEmAjXXmpsSQw1LnEko3bnfuNTTdIjusk3/A==
      -----END CERTIFICATE-----
      """;

  private static final KeyPair P256 = Tokens.ec("secp256r1");

  @TempDir private Path directory;

  @Test
  void publicKeyWithTextAroundItIsLoaded() {
    VerificationKey key = load("Bag Attributes: x\n" + Tokens.pem(P256.getPublic()) + "\nend\n");
    assertThat(key.key()).isEqualTo(P256.getPublic());
    assertThat(key.algorithms()).containsExactly("ES256");
    assertThat(key.ids()).contains("key").hasSize(2);
  }

  @Test
  void firstCertificateOfAChainIsLoaded() {
    VerificationKey key = load(CERTIFICATE + CERTIFICATE);
    assertThat(key.algorithms()).containsExactly("ES256");
  }

  @Test
  void windowsLineEndsAreRead() {
    assertThat(load(Tokens.pem(P256.getPublic()).replace("\n", "\r\n")).key())
        .isEqualTo(P256.getPublic());
  }

  @Test
  void fileThatIsNotThereIsNamed() {
    Path file = directory.resolve("missing.pem");
    assertThatThrownBy(() -> PublicKeys.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "publicKeys: " + file + ": cannot be read (expected: a PEM public key or certificate)");
  }

  @Test
  void whatIsNoKeyIsRefusedWithWhatItIs() {
    assertRefused("", "no PEM block (expected: a PEM public key or certificate)");
    assertRefused("hello", "no PEM block");
    assertRefused(
        Tokens.pem("PRIVATE KEY", P256.getPrivate().getEncoded()), "PRIVATE KEY (expected");
    assertRefused(Tokens.pem("RSA PUBLIC KEY", new byte[8]), "RSA PUBLIC KEY (expected");
    assertRefused(Tokens.pem("PUBLIC KEY", new byte[8]), "unknown kind");
    assertRefused(Tokens.pem("CERTIFICATE", new byte[8]), "ey.pem: ");
    assertRefused(
        Tokens.pem(P256.getPublic()) + Tokens.pem(P256.getPublic()), "PUBLIC KEY, PUBLIC KEY");
    assertRefused("x".repeat(70_000), "more than 64 KiB");
  }

  @Test
  void keyThatIsTooWeakOrOfAnotherKindIsRefused() {
    assertRefused(Tokens.pem(Tokens.rsa(1024).getPublic()), "1024 bits (expected: 2048 to 8192)");
    assertRefused(
        Tokens.pem(Tokens.pair("X25519", NamedParameterSpec.X25519).getPublic()), "unknown kind");
    assertRefused(
        Tokens.pem(Tokens.pair("Ed448", NamedParameterSpec.ED448).getPublic()), "unknown kind");
  }

  @Test
  void shortSecretIsRefused() {
    assertThatThrownBy(() -> create(new JwtSettings("short", List.of(), null, null, Duration.ZERO)))
        .hasMessage("hmacSecret: 5 bytes (expected: >= 32)");
  }

  @Test
  void moreKeysThanMayBeTriedAreRefused() {
    Path file = Tokens.write(directory.resolve("k.pem"), Tokens.pem(P256.getPublic()));
    List<Path> files = Collections.nCopies(17, file);
    assertThatThrownBy(() -> create(new JwtSettings(null, files, null, null, Duration.ZERO)))
        .hasMessage("publicKeys: 17 keys (expected: <= 16)");
  }

  private static void create(JwtSettings settings) {
    assertThat(JwtAuthenticator.create(settings, Clock.systemUTC())).isNotNull();
  }

  private VerificationKey load(String text) {
    return PublicKeys.load(Tokens.write(directory.resolve("key.pem"), text));
  }

  private void assertRefused(String text, String expected) {
    assertThatThrownBy(() -> load(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("publicKeys: " + directory.resolve("key.pem") + ": ")
        .hasMessageContaining(expected);
  }
}
