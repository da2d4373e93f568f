package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

final class CloseReasonsTest {
  @Property
  void fitsAndIsCutAtACharacterAsLateAsPossible(@ForAll @StringLength(max = 200) String reason) {
    String fit = CloseReasons.fit(reason);
    assertThat(reason).startsWith(fit);
    assertThat(bytes(fit)).isLessThanOrEqualTo(123);
    if (fit.length() < reason.length()) {
      String longer = reason.substring(0, reason.offsetByCodePoints(fit.length(), 1));
      assertThat(bytes(longer)).isGreaterThan(123);
    }
  }

  @Test
  void pairOfSurrogatesIsNotTornApart() {
    String fit = CloseReasons.fit("x".repeat(121) + "\uD83C\uDF0A");
    assertThat(fit).isEqualTo("x".repeat(121));
  }

  @Test
  void reasonOf123BytesStaysWhole() {
    assertThat(CloseReasons.fit("x".repeat(123))).hasSize(123);
    assertThat(CloseReasons.fit("x".repeat(124))).hasSize(123);
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }
}
