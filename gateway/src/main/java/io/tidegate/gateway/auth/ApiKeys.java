package io.tidegate.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The keys of the server API, kept as digests. How long a check takes tells nothing about the keys:
 * every digest is compared, in full, whichever fits.
 */
public final class ApiKeys {
  private final List<byte[]> digests;

  public ApiKeys(List<String> keys) {
    for (String key : keys) {
      if (key.isBlank()) {
        throw new IllegalArgumentException("apiKeys: an empty key (expected: a secret)");
      }
    }
    this.digests = keys.stream().map(ApiKeys::digest).toList();
  }

  /** Whether there is no key at all, so that nobody can be let in by one. */
  public boolean isEmpty() {
    return digests.isEmpty();
  }

  /** Whether {@code presented} is one of the keys. */
  public boolean accepts(String presented) {
    byte[] digest = digest(presented);
    boolean found = false;
    for (byte[] key : digests) {
      found |= MessageDigest.isEqual(key, digest);
    }
    return found;
  }

  private static byte[] digest(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
