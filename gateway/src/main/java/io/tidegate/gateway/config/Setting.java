package io.tidegate.gateway.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One key: what is declared of it, and what it is set to.
 *
 * @param section such as {@code listen}; empty at the top
 * @param key its last name, which may hold dots where the user chooses it
 * @param expected of its value, or of each where it is a list
 * @param defaults its texts where nothing is set; absent where there is no default
 * @param text what it is for
 * @param values its texts; absent where it has none
 * @param origin where they are from: {@link #DEFAULT}, {@link #FILE}, or the name of a variable
 */
record Setting(
    String section,
    String key,
    String expected,
    boolean list,
    boolean secret,
    @Nullable List<String> defaults,
    String text,
    @Nullable List<String> values,
    String origin) {
  static final String DEFAULT = "default";
  static final String FILE = "file";
}
