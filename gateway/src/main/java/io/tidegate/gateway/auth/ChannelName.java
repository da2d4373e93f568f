package io.tidegate.gateway.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What a channel's name turned out to be. */
public enum ChannelName {
  OK("a channel name"),
  EMPTY("not empty"),
  TOO_LONG("at most limits.channel_length bytes of UTF-8"),
  BAD_CHARACTER("printable characters without spaces"),
  RESERVED("not beginning with $canary or $tidegate, which are the gateway's own"),
  OTHER_PATTERN("as names of its namespace have to be");

  private final String expected;

  ChannelName(String expected) {
    this.expected = expected;
  }

  /** What a channel's name has to be, for messages. */
  public String expected() {
    return expected;
  }

  /** Judges {@code channel} by its form alone. */
  static ChannelName check(String channel, int maxBytes) {
    if (channel.isEmpty()) {
      return EMPTY;
    }
    // A char is at least one byte, so what is longer in chars need not be encoded to know.
    if (channel.length() > maxBytes || channel.getBytes(UTF_8).length > maxBytes) {
      return TOO_LONG;
    }
    if (!channel.codePoints().allMatch(ChannelName::isPrintable)) {
      return BAD_CHARACTER;
    }
    return channel.startsWith("$canary") || channel.startsWith("$tidegate") ? RESERVED : OK;
  }

  // Unassigned code points are let through: which are depends on the Java version, and all nodes
  // must agree. Invisible and direction-changing ones make two names look the same.
  private static boolean isPrintable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
