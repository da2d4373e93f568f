package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PersonalChannelTest {
  @Test
  void isNamedByItsUser() {
    assertThat(new PersonalChannel("", false).channelOf("42")).isEqualTo("#42");
    assertThat(new PersonalChannel("user", false).channelOf("a:b")).isEqualTo("user:#a:b");
  }

  @Test
  void whoseNameWouldBeReadAsThatOfANamespaceHasNone() {
    assertThat(new PersonalChannel("", false).channelOf("auth0:7")).isNull();
  }

  /** Or else {@code 1,2} had the channel that 1 and 2 may subscribe to. */
  @ParameterizedTest
  @ValueSource(strings = {"", "1,2", "1#2", "#", ","})
  void whoseNameIsNotOneUsersAloneHasNone(String user) {
    assertThat(new PersonalChannel("user", false).channelOf(user)).isNull();
  }
}
