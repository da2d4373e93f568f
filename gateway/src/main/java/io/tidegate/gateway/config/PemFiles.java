package io.tidegate.gateway.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Looks into PEM files (RFC 7468) with the classes of the JDK. Every answer is null for "no". */
final class PemFiles {
  private static final int MOST_BYTES = 1024 * 1024;
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*+)-----END \\1-----");

  // What the TLS of the public port can be keyed with.
  private static final List<String> PRIVATE = List.of("RSA", "EC");

  private PemFiles() {}

  /** The first certificate. */
  static @Nullable X509Certificate certificate(Path file) {
    byte[] der = block(file, "CERTIFICATE");
    try {
      return der != null
              && CertificateFactory.getInstance("X.509")
                      .generateCertificate(new ByteArrayInputStream(der))
                  instanceof X509Certificate certificate
          ? certificate
          : null;
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  /** The first private key, if it is PKCS#8, not encrypted, and of RSA or EC. */
  static @Nullable PrivateKey privateKey(Path file) {
    byte[] der = block(file, "PRIVATE KEY");
    if (der == null) {
      return null;
    }
    for (String algorithm : PRIVATE) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // A key of another kind, or none.
      }
    }
    return null;
  }

  /** Whether what one signs the other believes. */
  static boolean belongTogether(PrivateKey privateKey, PublicKey publicKey) {
    String algorithm =
        privateKey.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
    byte[] probe = "probe".getBytes(US_ASCII);
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(probe);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(probe);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static byte @Nullable [] block(Path file, String type) {
    try (InputStream in = Files.newInputStream(file)) {
      Matcher matcher = BLOCK.matcher(new String(in.readNBytes(MOST_BYTES), US_ASCII));
      while (matcher.find()) {
        if (type.equals(matcher.group(1))) {
          return Base64.getMimeDecoder().decode(matcher.group(2));
        }
      }
      return null;
    } catch (IOException | IllegalArgumentException e) {
      return null;
    }
  }
}
