package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelTemplateTest {
  private static final Identity ANN = Identity.of("ann", null, Identity.NEVER);

  private static ChannelTemplate template(String text) {
    return Objects.requireNonNull(ChannelTemplate.parse(text), text);
  }

  private static @Nullable String resolve(String text, Identity identity, String... values) {
    Map<String, List<String>> query = Map.of("room", List.of(values), "b-2", List.of("two"));
    return template(text).resolve(name -> query.getOrDefault(name, List.of()), identity);
  }

  @ParameterizedTest
  @CsvSource({
    "lobby, lobby",
    "chat:lobby, chat:lobby",
    "room:{query.room}, room:7",
    "user:{claims.sub}, user:ann",
    "room:{query.room}:of:{claims.sub}/{query.b-2}, room:7:of:ann/two",
    "room:{query.room}-.:.-{query.room}, room:7-.:.-7",
  })
  void placesAreFilled(String text, String channel) {
    assertThat(resolve(text, ANN, "7")).isEqualTo(channel);
    assertThat(template(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "A-Za-z_0.9", "..", "0", "token"})
  void valuesOfTheStrictSetAreTaken(String value) {
    assertThat(resolve("room:{query.room}", ANN, value)).isEqualTo("room:" + value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a:b", "ä", "a/b", "{x}", "a\n", "$", "%41", "a,b"})
  void anyOtherValueIsRefused(String value) {
    assertThat(resolve("room:{query.room}", ANN, value)).isNull();
    Identity odd = Identity.of(value, null, Identity.NEVER);
    assertThat(resolve("user:{claims.sub}", odd)).isNull();
  }

  @Test
  void valuesAreOfAtMostSixtyFourCharacters() {
    assertThat(resolve("room:{query.room}", ANN, "x".repeat(64))).hasSize(69);
    assertThat(resolve("room:{query.room}", ANN, "x".repeat(65))).isNull();
  }

  @Test
  void aMissingOrDoubledValueIsRefused() {
    assertThat(resolve("room:{query.room}", ANN)).isNull();
    assertThat(resolve("room:{query.room}", ANN, "1", "1")).isNull();
    assertThat(resolve("room:{query.other}", ANN, "1")).isNull();
    assertThat(resolve("user:{claims.sub}", Identity.ANONYMOUS)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{query.room}",
        "{query.ns}:x",
        "room-{query.room}",
        ":{query.room}",
        "room:{query.token}",
        "room:{query.}",
        "room:{query.a b}",
        "room:{claims.email}",
        "room:{header.x}",
        "room:{room}",
        "room:{query.room",
        "room:}",
        "room:{}",
        "room:{{query.room}}",
        "a room",
        "$canary:room",
      })
  void whatIsNoTemplateIsRefused(String text) {
    assertThat(ChannelTemplate.parse(text)).isNull();
  }

  /** Otherwise user {@code a} with peer {@code b.c} were where {@code a.b} is with {@code c}. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dm:{claims.sub}{query.peer}",
        "dm:{claims.sub}.{query.peer}",
        "dm:{claims.sub}-and-{query.peer}",
        "dm:{query.a}:{query.b}_{query.c}",
      })
  void placesThatCannotBeToldApartAreRefused(String text) {
    assertThat(ChannelTemplate.parse(text)).isNull();
  }
}
