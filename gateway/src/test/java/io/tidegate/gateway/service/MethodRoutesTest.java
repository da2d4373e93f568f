package io.tidegate.gateway.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MethodRoutesTest {
  private static final MethodRoutes<String> ROUTES =
      new MethodRoutes<>(
          Map.of(
              "*", "all",
              "chat.*", "chat",
              "chat.room.*", "room",
              "chat.room.leave", "leave",
              "ping", "ping"));

  @ParameterizedTest
  @CsvSource({
    "chat.room.leave, leave",
    "chat.room.leave.now, room",
    "chat.room.join, room",
    "chat.room., chat",
    "chat.room, chat",
    "chat.send, chat",
    "chat., all",
    "chat, all",
    "chatter.send, all",
    "ping, ping",
    "ping.x, all",
    "'', all",
    "., all",
    ".x, all",
  })
  void theMostSpecificPatternDecides(String method, String expected) {
    assertThat(ROUTES.find(method)).isEqualTo(expected);
  }

  @Test
  void withoutAStarOthersLeadNowhere() {
    var routes = new MethodRoutes<>(Map.of("chat.*", "chat"));
    assertThat(routes.find("news")).isNull();
    assertThat(routes.find("")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a*", "*.a", "a.*.b", "**", "a b", ".*", "ä", "a\n"})
  void whatIsNoPatternIsRefused(String pattern) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MethodRoutes<>(Map.of(pattern, "x")))
        .withMessageContaining("'" + pattern + "'");
  }

  /** The words of the Javadoc, without any cleverness. */
  private static @Nullable String model(Set<String> patterns, String method) {
    return patterns.stream()
        .filter(
            pattern ->
                pattern.equals(method)
                    || pattern.equals("*")
                    || (pattern.endsWith(".*")
                        && method.startsWith(pattern.substring(0, pattern.length() - 1))
                        && method.length() > pattern.length() - 1))
        .max(
            Comparator.<String, Boolean>comparing(pattern -> pattern.equals(method))
                .thenComparing(String::length))
        .orElse(null);
  }

  @Property
  void anyPatternsAndMethodsFollowTheModel(
      @ForAll("patterns") Set<String> patterns, @ForAll("methods") String method) {
    var values = new HashMap<String, String>();
    patterns.forEach(pattern -> values.put(pattern, pattern));
    assertThat(new MethodRoutes<>(values).find(method)).isEqualTo(model(patterns, method));
  }

  @Provide
  Arbitrary<String> methods() {
    return Arbitraries.of("a", "b", "ab")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(MethodRoutesTest::dotted);
  }

  @Provide
  Arbitrary<Set<String>> patterns() {
    Arbitrary<String> one =
        Combinators.combine(methods(), Arbitraries.of("", ".*")).as((text, end) -> text + end);
    return Arbitraries.frequencyOf(Tuple.of(9, one), Tuple.of(1, Arbitraries.just("*")))
        .set()
        .ofMaxSize(12);
  }

  private static String dotted(List<String> parts) {
    return parts.stream().collect(Collectors.joining("."));
  }
}
