package io.tidegate.gateway.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** Tokens of a test issuer. */
public final class TestTokens {
  public static final String SECRET = "0123456789abcdef0123456789abcdef";

  private TestTokens() {}

  public static String of(String user) {
    return of(new JsonObject().put("sub", user));
  }

  public static String of(JsonObject claims) {
    var signature = new JsonWebSignature();
    signature.setAlgorithmHeaderValue("HS256");
    signature.setPayload(claims.encode());
    signature.setKey(new HmacKey(SECRET.getBytes(UTF_8)));
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new AssertionError(e);
    }
  }
}
