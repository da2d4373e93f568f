package io.tidegate.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which names a pattern stands for. */
final class ChannelPatternTest {
  @ParameterizedTest
  @CsvSource({
    "news, news, true",
    "news, news2, false",
    "*, anything:at.all, true",
    "chat:*, chat:, true",
    "chat:*, chat:a:b, true",
    "chat:*, chats:a, false",
    "*:room, a:room:room, true",
    "room-?, room-1, true",
    "room-?, room-, false",
    "a*b*c, aXbXbXc, true",
    "a*b*c, aXbX, false",
    "a.c, abc, false",
  })
  void starStandsForAnyCharactersAndQuestionMarkForOne(
      String pattern, String name, boolean expected) {
    assertThat(new ChannelPattern(pattern).matches(name)).isEqualTo(expected);
  }

  @Property
  void matchesWhatTheRegularExpressionDoes(
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 8) String name,
      @ForAll("patterns") String pattern) {
    String regex =
        pattern
            .chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : String.valueOf((char) c))
            .collect(Collectors.joining());
    assertThat(new ChannelPattern(pattern).matches(name)).isEqualTo(Pattern.matches(regex, name));
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars("ab*?").ofMaxLength(8);
  }
}
