package io.tidegate.gateway.address;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code Forwarded} (RFC 7239) and {@code X-Forwarded-For}, read from the right: what the nearest
 * proxy wrote stands last, and nothing that a client put before it changes how that is read.
 */
final class ForwardedHeader {
  /** Characters of one item; proxies write some dozens. */
  private static final int LONGEST = 256;

  // Section 4: a parameter is a token, "=", and a token or a quoted string. An address with a port
  // needs quotes, which many leave out.
  private static final Pattern PAIR =
      Pattern.compile(
          "\\s*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)=(?:([^\\s\",;=]+)|\"((?:[^\"\\\\]|\\\\.)*)\"))?\\s*(?:;|$)");
  private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

  private ForwardedHeader() {}

  /** Hops of {@code X-Forwarded-For}, the last one first; lines are in the order received. */
  static Iterator<Hop> ofAddresses(List<String> lines) {
    return hops(items(lines, false), item -> NodeNames.hop(item, null));
  }

  /** Hops of {@code Forwarded}, likewise. */
  static Iterator<Hop> ofElements(List<String> lines) {
    return hops(items(lines, true), ForwardedHeader::element);
  }

  /** One after the other, as they are asked for: what stands further left is not even looked at. */
  private static Iterator<Hop> hops(List<String> items, Function<String, Hop> read) {
    return items.stream()
        .map(item -> item.length() > LONGEST ? new Hop.Malformed() : read.apply(item))
        .iterator();
  }

  /** The items of a list from the last to the first; empty ones are none (RFC 9110 5.6.1). */
  private static List<String> items(List<String> lines, boolean quoting) {
    var items = new ArrayList<String>();
    for (int i = lines.size() - 1; i >= 0; i--) {
      String line = lines.get(i);
      int end = line.length();
      while (end >= 0) {
        int comma = lastComma(line, end, quoting);
        String item = line.substring(comma + 1, end).strip();
        if (!item.isEmpty()) {
          items.add(item);
        }
        end = comma;
      }
    }
    return items;
  }

  private static int lastComma(String line, int end, boolean quoting) {
    for (int at = end - 1; at >= 0; at--) {
      char c = line.charAt(at);
      if (c == ',') {
        return at;
      }
      if (quoting && c == '"') {
        at = openingQuote(line, at);
      }
    }
    return -1;
  }

  /** Where the quoted string begins that ends at {@code closing}; -1 where nowhere. */
  private static int openingQuote(String line, int closing) {
    int at = line.lastIndexOf('"', closing - 1);
    while (at > 0 && line.charAt(at - 1) == '\\') {
      at = line.lastIndexOf('"', at - 1);
    }
    return at;
  }

  private static Hop element(String item) {
    String node = null;
    String proto = null;
    Matcher pair = PAIR.matcher(item);
    int at = 0;
    while (at < item.length()) {
      if (!pair.region(at, item.length()).lookingAt()) {
        return new Hop.Malformed();
      }
      at = pair.end();
      String name = pair.group(1);
      if (name == null) {
        continue;
      }
      switch (name.toLowerCase(Locale.ROOT)) {
        case "for" -> {
          if (node != null) {
            return new Hop.Malformed();
          }
          node = value(pair);
        }
        case "proto" -> proto = value(pair);
        default -> {}
      }
    }
    return node == null ? new Hop.Unidentified() : NodeNames.hop(node, isHttps(proto));
  }

  private static String value(Matcher pair) {
    String token = pair.group(2);
    return token != null ? token : ESCAPED.matcher(pair.group(3)).replaceAll("$1");
  }

  /** Of a scheme; absent where none is given. Some proxies name WebSocket's own. */
  static @Nullable Boolean isHttps(@Nullable String scheme) {
    return scheme == null
        ? null
        : scheme.equalsIgnoreCase("https") || scheme.equalsIgnoreCase("wss");
  }

  /** What the nearest proxy wrote into {@code X-Forwarded-Proto}. */
  static @Nullable Boolean isHttps(List<String> lines) {
    List<String> items = items(lines, false);
    return items.isEmpty() ? null : isHttps(items.get(0));
  }
}
