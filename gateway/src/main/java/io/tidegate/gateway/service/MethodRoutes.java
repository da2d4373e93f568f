package io.tidegate.gateway.service;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which value a method leads to. A pattern is a method ({@code chat.send}), a beginning up to a dot
 * ({@code chat.*}, which takes {@code chat.send} and {@code chat.room.leave}), or {@code *} for
 * all. The most specific one decides: the method itself, then the longest beginning, then {@code
 * *}; no two patterns are equally specific for one method. Immutable.
 */
public final class MethodRoutes<T> {
  private static final Pattern FORM =
      Pattern.compile("\\*|[\\x21-\\x7E&&[^*]]+|([\\x21-\\x7E&&[^*]]+\\.)\\*");

  private final Map<String, T> exact = new HashMap<>();
  private final Map<String, T> beginnings = new HashMap<>();

  /** Takes values by pattern. */
  public MethodRoutes(Map<String, T> patterns) {
    patterns.forEach(
        (pattern, value) -> {
          if (!isPattern(pattern)) {
            throw new IllegalArgumentException(
                "pattern: '" + pattern + "' (expected: a method, beginning.*, or *)");
          }
          boolean open = pattern.endsWith("*");
          String text = open ? pattern.substring(0, pattern.length() - 1) : pattern;
          (open ? beginnings : exact).put(text, value);
        });
  }

  public static boolean isPattern(String text) {
    return FORM.matcher(text).matches();
  }

  public boolean isEmpty() {
    return exact.isEmpty() && beginnings.isEmpty();
  }

  /** The value of {@code method}; absent where no pattern takes it. */
  public @Nullable T find(String method) {
    T found = exact.get(method);
    // A beginning needs something behind it, so a dot at the end ends none.
    for (int dot = method.lastIndexOf('.', method.length() - 2);
        found == null && dot > 0;
        dot = method.lastIndexOf('.', dot - 1)) {
      found = beginnings.get(method.substring(0, dot + 1));
    }
    return found != null ? found : beginnings.get("");
  }
}
