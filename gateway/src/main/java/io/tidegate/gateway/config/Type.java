package io.tidegate.gateway.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A kind of value.
 *
 * @param expected how a value is written, as a user is told
 * @param parse absent for a text that is no such value
 * @param print the text of a value, which parses to the same value
 * @param secret whether a value must not be shown
 */
record Type<T>(
    String expected,
    Function<String, @Nullable T> parse,
    Function<T, String> print,
    boolean secret) {
  Type(String expected, Function<String, @Nullable T> parse, Function<T, String> print) {
    this(expected, parse, print, false);
  }
}
