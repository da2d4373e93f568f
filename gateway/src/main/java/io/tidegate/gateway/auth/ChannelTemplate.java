package io.tidegate.gateway.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A channel's name with places that each connection fills: {@code room:{query.room}} from the query
 * of its request, {@code user:{claims.sub}} from its token. Immutable.
 *
 * <p>A place stands behind the colon of a literal namespace, and a value holds no colon, so that a
 * client never chooses the rules that its channel follows. Between two places there is a character
 * that no value holds, so that no two clients with different values meet in one channel.
 */
public final class ChannelTemplate {
  private static final Pattern PLACE =
      Pattern.compile("\\{(?:query\\.([A-Za-z0-9_-]{1,64})|claims\\.sub)}");
  private static final String VALUE_CHARACTER = "[A-Za-z0-9_.-]";
  private static final Pattern VALUE = Pattern.compile(VALUE_CHARACTER + "{1,64}");

  /** Its value is a secret, which must not become a name. */
  private static final String TOKEN = "token";

  private final String text;
  private final List<Part> parts;

  private ChannelTemplate(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /**
   * Some literal text and the place behind it.
   *
   * @param query name of the parameter that fills the place; empty for the token's subject, absent
   *     for no place
   */
  private record Part(String literal, @Nullable String query) {}

  /** The template; absent where {@code text} is none. */
  public static @Nullable ChannelTemplate parse(String text) {
    var parts = new ArrayList<Part>();
    Matcher place = PLACE.matcher(text);
    int end = 0;
    while (place.find()) {
      String query = place.group(1);
      if (TOKEN.equals(query)) {
        return null;
      }
      parts.add(new Part(text.substring(end, place.start()), query == null ? "" : query));
      end = place.end();
    }
    parts.add(new Part(text.substring(end), null));
    boolean braces = parts.stream().anyMatch(p -> p.literal.matches(".*[{}].*"));
    boolean places = parts.size() > 1;
    boolean ambiguous =
        parts.stream()
            .skip(1)
            .anyMatch(p -> p.query != null && p.literal.matches(VALUE_CHARACTER + "*"));
    var template = new ChannelTemplate(text, parts);
    return braces
            || ambiguous
            || (places && parts.get(0).literal.indexOf(':') < 1)
            || ChannelName.check(template.example(), Integer.MAX_VALUE) != ChannelName.OK
        ? null
        : template;
  }

  /** A name that it can become, for what can be judged of all of them. */
  public String example() {
    return fill(place -> "x");
  }

  /**
   * The name for one client; absent where a value is missing, stands twice, or is not of 1 to 64
   * letters, digits, {@code _}, {@code .} or {@code -}.
   *
   * @param query values of a query parameter by its name
   */
  public @Nullable String resolve(Function<String, List<String>> query, Identity identity) {
    for (Part part : parts) {
      if (part.query != null && value(part.query, query, identity) == null) {
        return null;
      }
    }
    return fill(place -> String.valueOf(value(place, query, identity)));
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  private String fill(Function<String, String> values) {
    var name = new StringBuilder();
    for (Part part : parts) {
      name.append(part.literal);
      if (part.query != null) {
        name.append(values.apply(part.query));
      }
    }
    return name.toString();
  }

  private static @Nullable String value(
      String name, Function<String, List<String>> query, Identity identity) {
    List<String> found = name.isEmpty() ? List.of(identity.user()) : query.apply(name);
    return found.size() == 1 && VALUE.matcher(found.get(0)).matches() ? found.get(0) : null;
  }
}
