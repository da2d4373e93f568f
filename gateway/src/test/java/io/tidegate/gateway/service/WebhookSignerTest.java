package io.tidegate.gateway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WebhookSignerTest {
  // The vector that the libraries of Standard Webhooks share.
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final long TIME = 1_614_265_330;
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  private static final String OTHER = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void signsAsTheSpecificationHasIt() {
    assertThat(new WebhookSigner(List.of(SECRET)).sign(ID, TIME, BODY)).isEqualTo(SIGNATURE);
  }

  @Test
  void eachSecretSignsSoThatOneCanTakeOverFromTheOther() {
    String both = new WebhookSigner(List.of(OTHER, SECRET)).sign(ID, TIME, BODY);
    assertThat(both.split(" "))
        .containsExactly(new WebhookSigner(List.of(OTHER)).sign(ID, TIME, BODY), SIGNATURE);
  }

  @Test
  void whateverIsSignedChangesTheSignature() {
    var signer = new WebhookSigner(List.of(SECRET));
    assertThat(signer.sign(ID + "x", TIME, BODY)).isNotEqualTo(SIGNATURE);
    assertThat(signer.sign(ID, TIME + 1, BODY)).isNotEqualTo(SIGNATURE);
    assertThat(signer.sign(ID, TIME, new byte[0])).isNotEqualTo(SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_AAAA",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
      })
  void whatIsNoSecretIsRefusedWithoutBeingShown(String text) {
    assertThat(WebhookSigner.isSecret(text)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new WebhookSigner(List.of(text)))
        .withMessage("secrets: '***' (expected: whsec_ and base64)");
  }
}
