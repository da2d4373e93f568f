package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.backplane.StreamPolicy;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules a channel follows, and what they allow to whom. */
final class NamespacesTest {
  private static final Namespace DEFAULTS = namespace("");
  private static final Namespace CHAT = namespace("chat");
  private static final Namespaces NAMESPACES = new Namespaces(DEFAULTS, List.of(CHAT), 32);

  @Test
  void nameBeforeTheFirstColonDecides() {
    assertThat(NAMESPACES.find("news")).isSameAs(DEFAULTS);
    assertThat(NAMESPACES.find("chat:room")).isSameAs(CHAT);
    assertThat(NAMESPACES.find("chat:a:b")).isSameAs(CHAT);
    assertThat(NAMESPACES.find("chat")).isSameAs(DEFAULTS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"other:room", ":room", "Chat:room", "chat :room", "a:chat:room"})
  void namespaceThatIsNotConfiguredIsUnknown(String channel) {
    assertThat(NAMESPACES.find(channel)).isNull();
  }

  @Test
  void namespacesAreUniqueAndNamed() {
    for (List<Namespace> bad :
        List.of(List.of(CHAT, CHAT), List.of(namespace("")), List.of(namespace("a:b")))) {
      assertThatThrownBy(() -> assertThat(new Namespaces(DEFAULTS, bad, 32)).isNull())
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("namespaces: '");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "chat:room#1,2", "straße", "日本", "🎉", "a$b", "x/y?z=%20"})
  void printableNamesAreGood(String channel) {
    assertThat(NAMESPACES.check(channel)).isEqualTo(ChannelName.OK);
  }

  @Test
  void otherNamesAreRefusedWithTheirFault() {
    assertThat(NAMESPACES.check("")).isEqualTo(ChannelName.EMPTY);
    assertThat(NAMESPACES.check("$canary:1")).isEqualTo(ChannelName.RESERVED);
    assertThat(NAMESPACES.check("x".repeat(32))).isEqualTo(ChannelName.OK);
    assertThat(NAMESPACES.check("x".repeat(33))).isEqualTo(ChannelName.TOO_LONG);
    assertThat(NAMESPACES.check("日".repeat(11))).isEqualTo(ChannelName.TOO_LONG);
    for (int codePoint :
        new int[] {
          0, '\n', '\t', ' ', 0x7f, 0x85, 0xa0, 0x200b, 0x202e, 0x2028, 0x3000, 0xd800, 0xdfff,
          0xfeff, 0xe0001
        }) {
      assertThat(NAMESPACES.check("a" + Character.toString(codePoint) + "b"))
          .as("U+%04X", codePoint)
          .isEqualTo(ChannelName.BAD_CHARACTER);
    }
  }

  @ParameterizedTest
  @CsvSource({
    // who, anonymous, a user, subscribed, with a grant for the channel
    "ANYONE, true, true, true, true",
    "AUTHENTICATED, false, true, false, true",
    "SUBSCRIBER, false, false, true, false",
    "TOKEN, false, false, false, true",
    "SERVICE, false, false, false, false",
    "NOBODY, false, false, false, false",
  })
  void whoDecides(Who who, boolean anonymous, boolean user, boolean subscribed, boolean granted) {
    Set<Who> allowed = Set.of(who);
    var alice = Identity.of("alice", null, Identity.NEVER);
    var grant =
        new Identity(
            "alice",
            null,
            Map.of(),
            List.of(
                new Capability(List.of(new ChannelPattern("news")), EnumSet.allOf(Right.class))),
            null,
            Identity.NEVER);
    assertThat(NAMESPACES.allows(allowed, Right.PUBLISH, Identity.ANONYMOUS, "news", false))
        .isEqualTo(anonymous);
    assertThat(NAMESPACES.allows(allowed, Right.PUBLISH, alice, "news", false)).isEqualTo(user);
    assertThat(NAMESPACES.allows(allowed, Right.PUBLISH, Identity.ANONYMOUS, "news", true))
        .isEqualTo(subscribed);
    assertThat(NAMESPACES.allows(allowed, Right.PUBLISH, grant, "news", false)).isEqualTo(granted);
    assertThat(NAMESPACES.allows(allowed, Right.PUBLISH, grant, "news2", false)).isEqualTo(user);
  }

  @Test
  void anyOfSeveralSuffices() {
    assertThat(
            NAMESPACES.allows(
                Set.of(Who.NOBODY, Who.SUBSCRIBER),
                Right.PUBLISH,
                Identity.ANONYMOUS,
                "news",
                true))
        .isTrue();
    assertThat(NAMESPACES.allows(Set.of(), Right.PUBLISH, Identity.ANONYMOUS, "news", true))
        .isFalse();
  }

  private static Namespace namespace(String name) {
    return new Namespace(
        name,
        StreamPolicy.NO_HISTORY,
        false,
        false,
        false,
        false,
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        true,
        false,
        false,
        false,
        null);
  }
}
