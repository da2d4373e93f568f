package io.tidegate.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the server API, kept as digests. How long a check takes tells nothing about the keys:
 * every digest is compared, in full, whichever fits.
 */
public final class ApiKeys {
  private final List<byte[]> digests = new ArrayList<>();

  /** Whose each digest is, in their order. */
  private final List<ApiCaller> callers = new ArrayList<>();

  /**
   * A caller and the secrets that prove it is that one: two while one replaces the other.
   *
   * @param secrets at least one; none belongs to two callers
   */
  public record Key(ApiCaller caller, List<String> secrets) {
    public Key {
      secrets = List.copyOf(secrets);
    }

    /** Leaves the secrets out. */
    @Override
    public String toString() {
      return "Key[caller=" + caller.name() + "]";
    }
  }

  public ApiKeys(List<Key> keys) {
    for (Key key : keys) {
      for (String secret : key.secrets()) {
        if (secret.isBlank()) {
          throw new IllegalArgumentException("apiKeys: an empty key (expected: a secret)");
        }
        digests.add(digest(secret));
        callers.add(key.caller());
      }
    }
  }

  /** Whether there is no key at all, so that nobody can be let in by one. */
  public boolean isEmpty() {
    return digests.isEmpty();
  }

  /** Whose secret {@code presented} is; absent where it is nobody's. */
  public @Nullable ApiCaller find(String presented) {
    byte[] digest = digest(presented);
    ApiCaller found = null;
    for (int i = 0; i < digests.size(); i++) {
      if (MessageDigest.isEqual(digests.get(i), digest)) {
        found = callers.get(i);
      }
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
