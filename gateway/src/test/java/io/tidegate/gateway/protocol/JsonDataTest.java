package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonDataTest {
  private static Payload normalize(byte[] bytes) throws NotJsonException {
    return JsonData.normalize(bytes, 0, bytes.length);
  }

  private static Payload normalize(String text) throws NotJsonException {
    return normalize(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e400",
        "-1E-400",
        "0.1000",
        "-0",
        "123456789012345678901234567890",
        "\"\\ud800\"",
        "\"\u2028🌊\"",
        "{\"a\":1,\"a\":2,\"\":3}",
        " [ 1 , \"a b\" ] ",
        "null",
        "\"\"",
      })
  void validValuesStayAsTheyAre(String json) throws Exception {
    assertThat(normalize(json).text()).isEqualTo(json);
  }

  @Test
  void lineBreaksGoAndStringsStay() throws Exception {
    assertThat(
            normalize("\n{ \"a \\\" b\" :\r\n\t[ 0.10,\n\"\\\\\" , 1e400, \"\\ud800\\n\" ] }\n")
                .text())
        .isEqualTo("{\"a \\\" b\":[0.10,\"\\\\\",1e400,\"\\ud800\\n\"]}");
    assertThat(normalize("1\n").text()).isEqualTo("1");
  }

  @Test
  void onlyTheGivenRangeIsLookedAt() throws Exception {
    byte[] bytes = "xx[1]yy".getBytes(UTF_8);
    assertThat(JsonData.normalize(bytes, 2, 3)).isEqualTo(Payload.utf8("[1]"));
    assertThatThrownBy(() -> JsonData.normalize(bytes, 2, 4)).isInstanceOf(NotJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n",
        "{",
        "[1",
        "[1,]",
        "{\"a\"}",
        "{\"a\":1,}",
        "tru",
        "nul",
        "NaN",
        "Infinity",
        "+1",
        "01",
        "1.",
        ".5",
        "1e",
        "-",
        "0x1",
        "'a'",
        "{a:1}",
        "\"open",
        "\"a\nb\"",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12\"",
        "1 2",
        "{}{}",
        "1,",
        "[]]",
        "// c\n1",
        "/**/1",
        "\ufeff1",
        "1\u0000",
        "\u00001",
        "\u00a01",
        "\"\u0000\""
      })
  void whatIsNotOneValueIsRefused(String text) {
    assertThatThrownBy(() -> normalize(text)).isInstanceOf(NotJsonException.class);
  }

  @Test
  void otherEncodingsAreRefusedEvenWhereTheirBytesAreValidUtf8() {
    assertThatThrownBy(() -> normalize("{\"a\":1}".getBytes(UTF_16BE)))
        .isInstanceOf(NotJsonException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00c0\u00af",
        "\u00ed\u00a0\u0080",
        "\u00f4\u0090\u0080\u0080",
        "\u0080",
        "\u00e2\u0082"
      })
  void invalidUtf8IsRefused(String bytes) {
    assertThatThrownBy(() -> normalize(("\"" + bytes + "\"").getBytes(ISO_8859_1)))
        .isInstanceOf(NotJsonException.class)
        .hasMessageStartingWith("invalid UTF-8");
  }

  @Test
  void excessIsRefused() throws Exception {
    assertThat(normalize("[".repeat(500) + "]".repeat(500)).length()).isEqualTo(1000);
    assertThatThrownBy(() -> normalize("[".repeat(10_000) + "]".repeat(10_000)))
        .isInstanceOf(NotJsonException.class);
    assertThat(normalize("9".repeat(1_000)).length()).isEqualTo(1_000);
    assertThatThrownBy(() -> normalize("9".repeat(1_001))).isInstanceOf(NotJsonException.class);
    assertThatThrownBy(() -> normalize("{\"" + "n".repeat(60_000) + "\":1}"))
        .isInstanceOf(NotJsonException.class);
    assertThat(normalize("\"" + "s".repeat(1 << 20) + "\"").length()).isEqualTo((1 << 20) + 2);
  }

  @Property
  void anyValueStaysEqualAndOnOneLine(@ForAll("json") String json) throws Exception {
    Payload payload = normalize(json);
    assertThat(payload.text()).doesNotContain("\n", "\r");
    assertThat(tokens(payload.text())).isEqualTo(tokens(json));
    assertThat(normalize(payload.bytes())).isEqualTo(payload);
  }

  @Property
  void damagedValuesAreRefusedOrStillValid(
      @ForAll("json") String json, @ForAll int at, @ForAll byte damage) {
    byte[] bytes = json.getBytes(UTF_8);
    bytes[Math.floorMod(at, bytes.length)] = damage;
    assertValidOrRefused(bytes);
  }

  @Property
  void arbitraryBytesAreRefusedOrValid(@ForAll byte[] bytes) {
    assertValidOrRefused(bytes);
  }

  @Property
  void utf8IsJudgedAsTheJdkJudgesIt(@ForAll byte[] bytes) {
    assertThat(Utf8.valid(bytes, 0, bytes.length)).isEqualTo(decodable(bytes));
  }

  @Test
  void utf8IsJudgedAsTheJdkJudgesItForAllShortSequences() {
    for (int lead = 0xc0; lead <= 0xff; lead++) {
      for (int second = 0x00; second <= 0xff; second++) {
        for (int third : new int[] {0x00, 0x7f, 0x80, 0xbf, 0xc0}) {
          byte[] two = {(byte) lead, (byte) second};
          byte[] three = {(byte) lead, (byte) second, (byte) third};
          byte[] four = {(byte) lead, (byte) second, (byte) third, (byte) 0x80};
          assertThat(Utf8.valid(two, 0, 2)).isEqualTo(decodable(two));
          assertThat(Utf8.valid(three, 0, 3)).isEqualTo(decodable(three));
          assertThat(Utf8.valid(four, 0, 4)).isEqualTo(decodable(four));
        }
      }
    }
  }

  @Provide
  Arbitrary<String> json() {
    return json(3);
  }

  private static Arbitrary<String> json(int depth) {
    Arbitrary<String> scalar =
        Arbitraries.of(
            "0",
            "-1",
            "1e400",
            "0.1000",
            "98765432109876543210",
            "-2.5E-3",
            "true",
            "false",
            "null",
            "\"\"",
            "\"a b\"",
            "\"\\\"\"",
            "\"\\\\\"",
            "\"\\ud800\"",
            "\"ž🌊\"",
            "\"\\n\"");
    Arbitrary<String> space = Arbitraries.of("", "", "", " ", "\n", "\r\n\t");
    Arbitrary<String> value =
        depth == 0
            ? scalar
            : Arbitraries.oneOf(scalar, array(json(depth - 1)), object(json(depth - 1)));
    return Combinators.combine(space, value, space).as((a, v, b) -> a + v + b);
  }

  private static Arbitrary<String> array(Arbitrary<String> element) {
    return element.list().ofMaxSize(3).map(values -> "[" + String.join(",", values) + " ]");
  }

  private static Arbitrary<String> object(Arbitrary<String> value) {
    Arbitrary<String> name = Arbitraries.of("\"a\"", "\"b\\n\"", "\n\"a\" ");
    return Combinators.combine(name, value)
        .as((n, v) -> n + ":" + v)
        .list()
        .ofMaxSize(3)
        .map(members -> "{ " + String.join(",", members) + "}");
  }

  private static void assertValidOrRefused(byte[] bytes) {
    try {
      Payload payload = normalize(bytes);
      assertThat(decodable(payload.bytes())).isTrue();
      assertThat(payload.text()).doesNotContain("\n", "\r");
      assertThat(tokens(payload.text())).isEqualTo(tokens(new String(bytes, UTF_8)));
    } catch (NotJsonException refused) {
      assertThat(refused).hasMessageContaining("(expected: one JSON value");
    } catch (IOException e) {
      throw new AssertionError("accepted, but another parser does not read it", e);
    }
  }

  private static boolean decodable(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).remaining() >= 0;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  // Another parser than the one under test: it reads characters, and the exact text of numbers.
  private static List<String> tokens(String json) throws IOException {
    var tokens = new ArrayList<String>();
    try (JsonParser parser = new JsonFactory().createParser(new StringReader(json))) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add(token + " " + parser.getText());
      }
    }
    return tokens;
  }
}
