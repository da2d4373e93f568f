package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which keys open the server API. */
final class ApiKeysTest {
  @Test
  void eachOfTheKeysIsAcceptedAndNothingElse() {
    var keys = new ApiKeys(List.of("first", "sécond", "first"));
    assertThat(keys.isEmpty()).isFalse();
    assertThat(List.of("first", "sécond")).allMatch(keys::accepts);
    assertThat(List.of("", "firs", "first ", "First", "second", "firstsécond"))
        .noneMatch(keys::accepts);
  }

  @Test
  void withoutKeysNoneIsAccepted() {
    var keys = new ApiKeys(List.of());
    assertThat(keys.isEmpty()).isTrue();
    assertThat(keys.accepts("")).isFalse();
  }

  @Test
  void blankKeyIsRefusedAtStart() {
    assertThatThrownBy(() -> assertThat(new ApiKeys(List.of("good", " "))).isNull())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("apiKeys: an empty key (expected: a secret)");
  }
}
