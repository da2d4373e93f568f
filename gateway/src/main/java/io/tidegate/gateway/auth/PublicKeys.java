package io.tidegate.gateway.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Reads public keys from PEM files. Blocks, so it belongs to the start of a process.
 *
 * <p>A file holds one {@code PUBLIC KEY}, or certificates of which the first one's key counts. A
 * certificate is only a container here: neither its dates nor its issuer are looked at. The key
 * answers to two values of {@code kid}: the file's name without extension, and its RFC 7638
 * thumbprint (SHA-256).
 */
public final class PublicKeys {
  private static final int MAX_FILE_BYTES = 64 * 1024;
  private static final String EXPECTED = " (expected: a PEM public key or certificate)";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private PublicKeys() {}

  /**
   * Looks whether {@code file} holds a key that tokens can be verified with.
   *
   * @throws IllegalArgumentException naming the file and what was expected of it
   */
  public static void requireUsable(Path file) {
    var unused = load(file);
  }

  /** The key of {@code file}; throws as {@link #requireUsable} does. */
  static VerificationKey load(Path file) {
    try {
      PublicKey key = parse(read(file));
      return VerificationKey.ofPublic(key, ids(file, key));
    } catch (IOException e) {
      throw new IllegalArgumentException("publicKeys: " + file + ": cannot be read" + EXPECTED, e);
    } catch (GeneralSecurityException | JoseException e) {
      throw new IllegalArgumentException(
          "publicKeys: " + file + ": " + e.getMessage() + EXPECTED, e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("publicKeys: " + file + ": " + e.getMessage(), e);
    }
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw new IllegalArgumentException("more than 64 KiB" + EXPECTED);
      }
      return new String(bytes, US_ASCII);
    }
  }

  private static PublicKey parse(String pem) throws GeneralSecurityException {
    List<String> types = new ArrayList<>();
    byte[] first = new byte[0];
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      if (types.isEmpty()) {
        first = Base64.getMimeDecoder().decode(block.group(2));
      }
      types.add(block.group(1));
    }
    if (types.isEmpty()) {
      throw new IllegalArgumentException("no PEM block" + EXPECTED);
    }
    if (types.stream().allMatch("CERTIFICATE"::equals)) {
      return certificate(first);
    }
    if (types.equals(List.of("PUBLIC KEY"))) {
      return publicKey(first);
    }
    throw new IllegalArgumentException(String.join(", ", types) + EXPECTED);
  }

  private static PublicKey certificate(byte[] der) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(der))
        .getPublicKey();
  }

  private static PublicKey publicKey(byte[] der) throws GeneralSecurityException {
    for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
      PublicKey key = publicKey(algorithm, der);
      if (key != null) {
        return key;
      }
    }
    throw new IllegalArgumentException(
        "a public key of an unknown kind (expected: RSA, EC on P-256, P-384 or P-521, Ed25519)");
  }

  private static @Nullable PublicKey publicKey(String algorithm, byte[] der)
      throws GeneralSecurityException {
    try {
      return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    } catch (InvalidKeySpecException e) {
      return null; // A key of another kind, or none.
    }
  }

  private static Set<String> ids(Path file, PublicKey key) throws JoseException {
    Set<String> ids = new LinkedHashSet<>();
    Path name = file.getFileName();
    if (name != null) {
      String text = name.toString();
      int dot = text.lastIndexOf('.');
      ids.add(dot > 0 ? text.substring(0, dot) : text);
    }
    ids.add(
        PublicJsonWebKey.Factory.newPublicJwk(key).calculateBase64urlEncodedThumbprint("SHA-256"));
    return ids;
  }
}
