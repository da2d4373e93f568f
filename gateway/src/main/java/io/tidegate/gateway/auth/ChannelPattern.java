package io.tidegate.gateway.auth;

import static java.util.Objects.requireNonNull;

/**
 * Names of channels: {@code *} stands for any characters, none too, {@code ?} for one, everything
 * else for itself. Immutable. Judging takes at most the product of both lengths in steps.
 */
public final class ChannelPattern {
  private final String text;
  private final boolean literal;

  public ChannelPattern(String text) {
    this(text, false);
  }

  private ChannelPattern(String text, boolean literal) {
    this.text = requireNonNull(text, "text");
    this.literal = literal;
  }

  /** The pattern of one name, in which stars and question marks stand for themselves. */
  public static ChannelPattern exactly(String name) {
    return new ChannelPattern(name, true);
  }

  public boolean matches(String name) {
    if (literal) {
      return text.equals(name);
    }
    int star = -1;
    int resume = 0;
    int p = 0;
    int n = 0;
    while (n < name.length()) {
      if (p < text.length() && text.charAt(p) == '*') {
        star = p++;
        resume = n;
      } else if (p < text.length() && (text.charAt(p) == '?' || text.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        // The last star takes one character more.
        p = star + 1;
        n = ++resume;
      } else {
        return false;
      }
    }
    while (p < text.length() && text.charAt(p) == '*') {
      p++;
    }
    return p == text.length();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelPattern pattern
        && pattern.text.equals(text)
        && pattern.literal == literal;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
