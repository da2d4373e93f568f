package io.tidegate.gateway.api;

import io.tidegate.gateway.auth.ApiCaller;
import io.tidegate.gateway.auth.ChannelPattern;
import io.tidegate.gateway.protocol.ErrorCode;
import java.util.List;

/**
 * Which channels to name.
 *
 * @param within one of these has to fit, too: what the caller may see
 */
public record ChannelsQuery(ChannelPattern pattern, List<ChannelPattern> within) {
  /** Names in an answer at most. */
  public static final int MAX_NAMES = 10_000;

  /** Patterns of one key at most. */
  public static final int MAX_PATTERNS = 1_000;

  /** As long as a channel's name by default: what a pattern costs grows with its length. */
  private static final int MAX_PATTERN_BYTES = 255;

  static final Field<String> PATTERN =
      Field.text(
          "pattern",
          MAX_PATTERN_BYTES,
          "Names to tell: `*` stands for any characters, `?` for one. Absent for all.");
  private static final Field<List<String>> WITHIN =
      Field.texts("within", MAX_PATTERNS, Integer.MAX_VALUE, "Patterns, one of which has to fit.");

  static final List<Field<?>> FIELDS = List.of(PATTERN, WITHIN);

  public ChannelsQuery {
    within = List.copyOf(within);
  }

  static ChannelsQuery of(ApiCaller caller, Params params) {
    return new ChannelsQuery(pattern(params), caller.channels());
  }

  /** Reads what {@link #body} wrote. */
  static ChannelsQuery read(Params params) {
    return new ChannelsQuery(
        pattern(params), WITHIN.of(params).stream().map(ChannelPattern::new).toList());
  }

  /** What an answer fails with that would have more than {@link #MAX_NAMES}. */
  public static ApiException tooMany() {
    return new ApiException(
        ErrorCode.LIMIT_EXCEEDED,
        "pattern (expected: at most " + MAX_NAMES + " channels that fit)");
  }

  private static ChannelPattern pattern(Params params) {
    String pattern = PATTERN.in(params);
    return new ChannelPattern(pattern == null ? ApiCaller.ANY : pattern);
  }

  JsonBody body() {
    return json -> {
      json.writeStringField("pattern", pattern.toString());
      json.writeArrayFieldStart("within");
      for (ChannelPattern each : within) {
        json.writeString(each.toString());
      }
      json.writeEndArray();
    };
  }

  /** Whether a channel's name is asked for. */
  public boolean fits(String channel) {
    return pattern.matches(channel) && within.stream().anyMatch(each -> each.matches(channel));
  }
}
