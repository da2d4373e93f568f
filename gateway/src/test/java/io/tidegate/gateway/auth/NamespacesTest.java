package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.gateway.protocol.Push;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules a channel follows, and what they allow to whom. */
final class NamespacesTest {
  private static final Namespace DEFAULTS = namespace("");
  private static final Namespace CHAT = namespace("chat");
  private static final Namespace DIALOG =
      namespace("dialog", Set.of(Who.NOBODY), true, new ChannelPattern("room-*"));
  private static final Namespaces NAMESPACES = new Namespaces(DEFAULTS, List.of(CHAT, DIALOG), 32);

  @Test
  void nameBeforeTheFirstColonDecides() {
    assertThat(NAMESPACES.find("news")).isSameAs(DEFAULTS);
    assertThat(NAMESPACES.find("chat:room")).isSameAs(CHAT);
    assertThat(NAMESPACES.find("chat:a:b")).isSameAs(CHAT);
    assertThat(NAMESPACES.find("chat")).isSameAs(DEFAULTS);
  }

  @Test
  void privateChannelFollowsTheNameBehindTheDollar() {
    assertThat(NAMESPACES.find("$news")).isSameAs(DEFAULTS);
    assertThat(NAMESPACES.find("$chat:room")).isSameAs(CHAT);
    assertThat(NAMESPACES.find("$other:room")).isNull();
    assertThat(NAMESPACES.find("$$chat:room")).isNull();
    assertThat(NAMESPACES.find("chat:$room")).isSameAs(CHAT);
  }

  @Test
  void privateChannelIsSubscribedToByAGrantOnly() {
    Set<Who> anyone = Set.of(Who.ANYONE, Who.AUTHENTICATED);
    var alice = Identity.of("alice", null, Identity.NEVER);
    assertThat(NAMESPACES.allows(anyone, Right.SUBSCRIBE, alice, "$news", false)).isFalse();
    assertThat(NAMESPACES.allows(anyone, Right.SUBSCRIBE, granted("$n*"), "$news", false)).isTrue();
    assertThat(NAMESPACES.allows(anyone, Right.SUBSCRIBE, granted("news"), "$news", false))
        .isFalse();
    assertThat(
            NAMESPACES.allows(
                Set.of(Who.NOBODY), Right.SUBSCRIBE, subscribed("$news"), "$news", false))
        .isTrue();
    assertThat(NAMESPACES.allows(anyone, Right.PUBLISH, alice, "$news", false)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // the channel with ; for , and whether a user called 42 may subscribe
    "dialog:room-1#42, true",
    "dialog:room-1#7;42, true",
    "dialog:room-1#4;2, false",
    "dialog:room-1#420, false",
    "dialog:room-1#42#7, false",
    "dialog:room-1#, false",
    "dialog:room-1, false",
    "chat:room#7, true",
  })
  void onlyNamedUsersMaySubscribeWhereUsersLimit(String channel, boolean allowed) {
    String name = channel.replace(';', ',');
    Set<Who> who = name.startsWith("chat") ? Set.of(Who.AUTHENTICATED) : DIALOG.subscribe();
    assertThat(
            NAMESPACES.allows(
                who, Right.SUBSCRIBE, Identity.of("42", null, Identity.NEVER), name, false))
        .isEqualTo(allowed);
  }

  @Test
  void namedUsersAreNeverAnonymousAndNoPatternAddsToThem() {
    Set<Who> anyone = Set.of(Who.ANYONE, Who.TOKEN);
    for (String channel : List.of("dialog:room-1#", "dialog:room-1#,7", "dialog:room-1#7,")) {
      assertThat(NAMESPACES.allows(anyone, Right.SUBSCRIBE, Identity.ANONYMOUS, channel, false))
          .isFalse();
    }
    String channel = "dialog:room-1#42";
    assertThat(NAMESPACES.allows(anyone, Right.SUBSCRIBE, granted("*"), channel, false)).isFalse();
    assertThat(NAMESPACES.allows(anyone, Right.SUBSCRIBE, subscribed(channel), channel, false))
        .isTrue();
    assertThat(NAMESPACES.allows(anyone, Right.PUBLISH, Identity.ANONYMOUS, channel, false))
        .isTrue();
  }

  @Test
  void namesOfANamespaceFollowItsPattern() {
    for (String good : List.of("dialog:room-", "$dialog:room-1#4", "chat:x", "room-1", "other:x")) {
      assertThat(NAMESPACES.check(good)).as(good).isEqualTo(ChannelName.OK);
    }
    for (String bad : List.of("dialog:room", "dialog:xroom-1", "dialog:", "$dialog:x")) {
      ChannelName verdict = NAMESPACES.check(bad);
      assertThat(verdict).as(bad).isEqualTo(ChannelName.OTHER_PATTERN);
      assertThat(NAMESPACES.expected(verdict, bad))
          .isEqualTo("as names of its namespace have to be: room-*");
    }
    var named =
        new Namespaces(
            namespace("", Set.of(), false, new ChannelPattern("n?ws")), List.of(CHAT), 32);
    assertThat(named.check("news")).isEqualTo(ChannelName.OK);
    assertThat(named.check("$news")).isEqualTo(ChannelName.OK);
    assertThat(named.check("other")).isEqualTo(ChannelName.OTHER_PATTERN);
    assertThat(named.check("")).isEqualTo(ChannelName.EMPTY);
  }

  @Test
  void offsetsAreToldWhereverTheStreamIsKept() {
    var publication = new Publication(7, Payload.utf8("1"), null, Map.of(), 0);
    var kept =
        new Namespaces(
            new Namespace(
                "",
                new StreamPolicy(10, Duration.ofMinutes(1)),
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
                null),
            List.of(CHAT),
            32);
    assertThat(kept.published("news", publication))
        .isEqualTo(new Push.Published("news", publication, true, true));
    assertThat(kept.published("chat:a", publication))
        .isEqualTo(new Push.Published("chat:a", publication, false, true));
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
  @ValueSource(
      strings = {
        "a",
        "chat:room#1,2",
        "straße",
        "$news",
        "$chat:a",
        "日本",
        "🎉",
        "a$b",
        "x/y?z=%20"
      })
  void printableNamesAreGood(String channel) {
    assertThat(NAMESPACES.check(channel)).isEqualTo(ChannelName.OK);
  }

  @Test
  void otherNamesAreRefusedWithTheirFault() {
    assertThat(NAMESPACES.check("")).isEqualTo(ChannelName.EMPTY);
    assertThat(NAMESPACES.check("$canary:1")).isEqualTo(ChannelName.RESERVED);
    assertThat(NAMESPACES.check("$canary")).isEqualTo(ChannelName.RESERVED);
    assertThat(NAMESPACES.check("$tidegate:x")).isEqualTo(ChannelName.RESERVED);
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

  private static Identity granted(String pattern) {
    var everything =
        new Capability(List.of(new ChannelPattern(pattern)), EnumSet.allOf(Right.class));
    return new Identity("bob", null, Map.of(), List.of(everything), Identity.NEVER);
  }

  private static Identity subscribed(String channel) {
    return new Identity(
        "bob", null, Map.of(channel, SubscriptionOptions.NONE), List.of(), Identity.NEVER);
  }

  private static Namespace namespace(String name) {
    return namespace(name, Set.of(), false, null);
  }

  private static Namespace namespace(
      String name, Set<Who> subscribe, boolean userLimited, @Nullable ChannelPattern names) {
    return new Namespace(
        name,
        StreamPolicy.NO_HISTORY,
        false,
        false,
        false,
        false,
        subscribe,
        Set.of(),
        Set.of(),
        Set.of(),
        true,
        false,
        false,
        userLimited,
        names);
  }
}
