package io.tidegate.gateway.auth;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Any bytes as the payload of a token that somebody signed. */
final class ClaimsFuzzTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @FuzzTest
  void aPayloadIsReadAsAnotherParserReadsItOrRefused(byte[] payload) throws IOException {
    try {
      connection(payload, Claims.parse(payload));
    } catch (AuthException e) {
      hold(e.getMessage() != null);
    }
    try {
      SubscriptionClaims claims = SubscriptionClaims.parse(payload);
      JsonNode fields = MAPPER.readTree(payload);
      hold(claims.subject().equals(fields.path("sub").textValue()));
      hold(claims.channel().equals(fields.path("channel").textValue()));
    } catch (AuthException e) {
      hold(e.getMessage() != null);
    }
  }

  private static void connection(byte[] payload, Claims claims) throws IOException {
    JsonNode fields = MAPPER.readTree(payload);
    hold(claims.subject().equals(fields.path("sub").textValue()));
    hold(fields.path("channel").isMissingNode() || fields.path("channel").isNull());
    hold(claims.subscriptions().size() <= Claims.MAX_CHANNELS);
    for (JsonNode channel : fields.path("channels")) {
      hold(claims.subscriptions().containsKey(channel.textValue()));
    }
    hold(claims.capabilities().size() == fields.path("caps").size());
    hold(claims.capabilities().size() <= CapabilityClaims.MAX_CAPABILITIES);
    holdsJson(claims.info());
    holdsJson(claims.meta());
    for (SubscriptionOptions options : claims.subscriptions().values()) {
      holdsJson(options.info());
      holdsJson(options.data());
    }
  }

  private static void holdsJson(@Nullable Payload payload) throws IOException {
    if (payload != null) {
      hold(payload.length() <= ClaimReader.MAX_JSON_BYTES);
      hold(!MAPPER.readTree(payload.bytes()).isMissingNode());
    }
  }

  private static void hold(boolean condition) {
    if (!condition) {
      throw new AssertionError("the token was read otherwise");
    }
  }
}
