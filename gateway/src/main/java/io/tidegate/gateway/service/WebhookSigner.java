package io.tidegate.gateway.service;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests as Standard Webhooks 1.0 has it, symmetrically: base64 of HMAC-SHA256 over {@code
 * id.timestamp.body}, one signature per secret, so that a service can change its secret while both
 * are good. Thread-safe.
 */
public final class WebhookSigner {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";
  private static final int LEAST_BYTES = 24;
  private static final int MOST_BYTES = 64;

  private final List<SecretKeySpec> keys = new ArrayList<>();

  /** Takes secrets, each {@link #isSecret}. */
  public WebhookSigner(List<String> secrets) {
    for (String secret : secrets) {
      byte[] key = decode(secret);
      if (key == null) {
        throw new IllegalArgumentException("secrets: '***' (expected: whsec_ and base64)");
      }
      keys.add(new SecretKeySpec(key, ALGORITHM));
    }
  }

  /** Whether {@code text} is {@code whsec_} and base64 of 24 to 64 bytes. */
  public static boolean isSecret(String text) {
    return decode(text) != null;
  }

  private static byte @Nullable [] decode(String text) {
    if (!text.startsWith(PREFIX)) {
      return null;
    }
    try {
      byte[] key = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return key.length < LEAST_BYTES || key.length > MOST_BYTES ? null : key;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The value of the header {@code webhook-signature}. */
  public String sign(String id, long timestampSeconds, byte[] body) {
    byte[] head = (id + "." + timestampSeconds + ".").getBytes(US_ASCII);
    var signatures = new StringJoiner(" ");
    for (SecretKeySpec key : keys) {
      signatures.add("v1," + Base64.getEncoder().encodeToString(mac(key, head, body)));
    }
    return signatures.toString();
  }

  private static byte[] mac(SecretKeySpec key, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // Every Java has this algorithm.
    }
  }
}
