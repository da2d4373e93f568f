package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which keys open the server API. */
final class ApiKeysTest {
  @Test
  void eachOfTheKeysIsAcceptedAndNothingElse() {
    var keys = keys("first", "sécond", "first");
    assertThat(keys.isEmpty()).isFalse();
    assertThat(List.of("first", "sécond")).allMatch(key -> keys.find(key) != null);
    assertThat(List.of("", "firs", "first ", "First", "second", "firstsécond"))
        .noneMatch(key -> keys.find(key) != null);
  }

  @Test
  void eachSecretOfAKeyIsItsOwners() {
    var chat = new ApiCaller("chat", Set.of("publish"), List.of(new ChannelPattern("chat:*")));
    var admin = ApiCaller.unrestricted("admin");
    var keys =
        new ApiKeys(
            List.of(
                new ApiKeys.Key(chat, List.of("old", "new")),
                new ApiKeys.Key(admin, List.of("other"))));
    assertThat(keys.find("old")).isEqualTo(chat);
    assertThat(keys.find("new")).isEqualTo(chat);
    assertThat(keys.find("other")).isEqualTo(admin);
    assertThat(new ApiKeys.Key(chat, List.of("old")).toString()).doesNotContain("old");
  }

  @Test
  void callerMayDoWhatItsKeySaysAndNothingElse() {
    var chat =
        new ApiCaller(
            "chat",
            Set.of("publish", "history"),
            List.of(new ChannelPattern("chat:*"), new ChannelPattern("news")));
    assertThat(chat.mayCall("publish")).isTrue();
    assertThat(chat.mayCall("disconnect")).isFalse();
    assertThat(List.of("chat:a", "chat:", "news")).allMatch(chat::mayUse);
    assertThat(List.of("news2", "chat", "other:chat:a")).noneMatch(chat::mayUse);
    assertThat(ApiCaller.unrestricted("all").mayCall("anything")).isTrue();
    assertThat(ApiCaller.unrestricted("all").mayUse("any:thing")).isTrue();
  }

  private static ApiKeys keys(String... secrets) {
    return new ApiKeys(List.of(new ApiKeys.Key(ApiCaller.unrestricted("all"), List.of(secrets))));
  }

  @Test
  void withoutKeysNoneIsAccepted() {
    var keys = new ApiKeys(List.of());
    assertThat(keys.isEmpty()).isTrue();
    assertThat(keys.find("")).isNull();
  }

  @Test
  void blankKeyIsRefusedAtStart() {
    assertThatThrownBy(() -> assertThat(keys("good", " ")).isNull())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("apiKeys: an empty key (expected: a secret)");
  }
}
