package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Any bytes, by lines, as the {@code Sec-WebSocket-Extensions} of a handshake. */
final class ExtensionsFuzzTest {
  private static final String CHARACTER = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
  private static final Pattern NAME = Pattern.compile("[ \t]*(" + CHARACTER + "++)[ \t]*");
  private static final Pattern VALUE =
      Pattern.compile("[ \t]*(" + CHARACTER + "++|\"(?:\\\\?" + CHARACTER + ")++\")[ \t]*");
  private static final Pattern BLANK = Pattern.compile("[ \t]*");

  private static final Map<String, String> ALLOWED =
      Map.of(
          "server_no_context_takeover", "",
          "client_no_context_takeover", "",
          "server_max_window_bits", "8|9|10|11|12|13|14|15",
          "client_max_window_bits", "|8|9|10|11|12|13|14|15");

  @FuzzTest
  void headersAreAgreedOnAsTheGrammarSays(byte[] bytes) {
    List<String> headers = new String(bytes, ISO_8859_1).lines().toList();
    String expected = headers.isEmpty() ? "nothing" : expected(String.join(",", headers));
    String found = found(headers);
    if (!expected.equals(found)) {
      throw new AssertionError("expected: " + expected + "\nfound: " + found);
    }
  }

  private static String found(List<String> headers) {
    Extensions agreed;
    try {
      agreed = Extensions.negotiate(headers);
    } catch (IllegalArgumentException e) {
      return "malformed";
    }
    if (agreed.answer() == null) {
      return "nothing";
    }
    return agreed.deflatable() == Integer.MAX_VALUE ? "any size" : "up to " + agreed.deflatable();
  }

  /** A valid value has no comma and no semicolon in quotes, so they are what stands between. */
  private static String expected(String list) {
    String agreed = "nothing";
    boolean any = false;
    for (String element : list.split(",", -1)) {
      if (!BLANK.matcher(element).matches()) {
        String[] parts = element.split(";", -1);
        Matcher name = NAME.matcher(parts[0]);
        String parameters = parameters(Arrays.copyOfRange(parts, 1, parts.length));
        if (!name.matches() || parameters == null) {
          return "malformed";
        }
        if (agreed.equals("nothing") && name.group(1).equals("permessage-deflate")) {
          agreed = parameters;
        }
        any = true;
      }
    }
    return any ? agreed : "malformed";
  }

  /** What is agreed on with these parameters; absent where they are malformed. */
  private static @Nullable String parameters(String[] parts) {
    var given = new HashMap<String, String>();
    boolean acceptable = true;
    for (String part : parts) {
      int equals = part.indexOf('=');
      Matcher name = NAME.matcher(equals < 0 ? part : part.substring(0, equals));
      Matcher value = VALUE.matcher(part.substring(equals + 1));
      if (!name.matches() || (equals >= 0 && !value.matches())) {
        return null;
      }
      String plain = equals < 0 ? "" : value.group(1).replaceAll("[\\\\\"]", "");
      String allowed = ALLOWED.get(name.group(1));
      acceptable &= allowed != null && Arrays.asList(allowed.split("\\|", -1)).contains(plain);
      acceptable &= given.put(name.group(1), plain) == null;
    }
    String window = Objects.requireNonNullElse(given.get("server_max_window_bits"), "15");
    if (!acceptable) {
      return "nothing";
    }
    return window.equals("15") ? "any size" : "up to " + (1 << Integer.parseInt(window));
  }
}
