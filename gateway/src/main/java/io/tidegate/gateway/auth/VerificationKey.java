package io.tidegate.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.security.Key;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.keys.HmacKey;

/**
 * A key with the algorithms that it may be used with. A token's own {@code alg} selects among the
 * keys that allow it and can never change what a key is used for, which is what keeps a public key
 * from being taken for an HMAC secret (RFC 8725 section 2.1).
 *
 * @param ids values of {@code kid} that name this key
 * @param algorithms names as in RFC 7518 section 3.1 and RFC 8037 section 3.1
 */
record VerificationKey(Key key, Set<String> ids, Set<String> algorithms) {
  private static final int MIN_SECRET_BYTES = 32;
  private static final int MIN_RSA_BITS = 2048;
  private static final int MAX_RSA_BITS = 8192;

  VerificationKey {
    requireNonNull(key, "key");
    ids = Set.copyOf(ids);
    algorithms = Set.copyOf(algorithms);
  }

  /** A secret; RFC 7518 section 3.2 wants one at least as long as the hash. */
  static VerificationKey hmac(String secret) {
    byte[] bytes = secret.getBytes(UTF_8);
    if (bytes.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "hmacSecret: " + bytes.length + " bytes (expected: >= " + MIN_SECRET_BYTES + ")");
    }
    var algorithms = new LinkedHashSet<String>();
    algorithms.add(AlgorithmIdentifiers.HMAC_SHA256);
    if (bytes.length >= 48) {
      algorithms.add(AlgorithmIdentifiers.HMAC_SHA384);
    }
    if (bytes.length >= 64) {
      algorithms.add(AlgorithmIdentifiers.HMAC_SHA512);
    }
    return new VerificationKey(new HmacKey(bytes), Set.of(), algorithms);
  }

  static VerificationKey ofPublic(PublicKey key, Set<String> ids) {
    return new VerificationKey(key, ids, algorithmsOf(key));
  }

  private static Set<String> algorithmsOf(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return rsaAlgorithms(rsa.getModulus().bitLength());
    }
    if (key instanceof ECPublicKey ec) {
      return Set.of(ecAlgorithm(ec));
    }
    if (key instanceof EdECPublicKey ed && ed.getParams().getName().equals("Ed25519")) {
      return Set.of(AlgorithmIdentifiers.EDDSA);
    }
    throw new IllegalArgumentException(
        "a key of " + key.getAlgorithm() + " (expected: RSA, EC or Ed25519)");
  }

  // Above 8192 bits one verification takes long enough to be felt on an event loop.
  private static Set<String> rsaAlgorithms(int bits) {
    if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
      throw new IllegalArgumentException(
          "an RSA key of "
              + bits
              + " bits (expected: "
              + MIN_RSA_BITS
              + " to "
              + MAX_RSA_BITS
              + ")");
    }
    return Set.of(
        AlgorithmIdentifiers.RSA_USING_SHA256,
        AlgorithmIdentifiers.RSA_USING_SHA384,
        AlgorithmIdentifiers.RSA_USING_SHA512,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
        AlgorithmIdentifiers.RSA_PSS_USING_SHA512);
  }

  // Sizes tell the three curves of RFC 7518 apart: the JDK 17 has no other curve of them.
  private static String ecAlgorithm(ECPublicKey key) {
    int bits = key.getParams().getCurve().getField().getFieldSize();
    return switch (bits) {
      case 256 -> AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256;
      case 384 -> AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384;
      case 521 -> AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512;
      default ->
          throw new IllegalArgumentException(
              "an EC key of " + bits + " bits (expected: curve P-256, P-384 or P-521)");
    };
  }

  /** Names the algorithms only. */
  @Override
  public String toString() {
    return "VerificationKey[ids=" + ids + ", algorithms=" + algorithms + "]";
  }
}
