package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The data of a publication: JSON that carries, at widths that never change, the run, the channel,
 * the publisher, its sequence number in the channel, and when the publication was due; filled up to
 * a size. Stateless.
 */
public final class Payload {
  /** How a publication of a load test begins; what follows are digits. */
  static final byte[] MARK = "{\"lt\":\"".getBytes(US_ASCII);

  private static final int RUN_DIGITS = 9;
  private static final int CHANNEL_DIGITS = 6;
  private static final int PUBLISHER_DIGITS = 6;
  private static final int NUMBER_DIGITS = 9;
  private static final int DUE_DIGITS = 15;

  private static final int RUN_AT = MARK.length;
  private static final int CHANNEL_AT = RUN_AT + RUN_DIGITS;
  private static final int PUBLISHER_AT = CHANNEL_AT + CHANNEL_DIGITS;
  private static final int NUMBER_AT = PUBLISHER_AT + PUBLISHER_DIGITS;
  private static final int DUE_AT = NUMBER_AT + NUMBER_DIGITS;

  private static final String MIDDLE = "\",\"pad\":\"";
  private static final String END = "\"}";

  /** The smallest size. */
  public static final int LEAST_BYTES = DUE_AT + DUE_DIGITS + MIDDLE.length() + END.length();

  /** Runs, channels and publishers are numbered below these. */
  public static final int RUNS = 1_000_000_000;

  public static final int CHANNELS = 1_000_000;

  private Payload() {}

  /**
   * Makes the data.
   *
   * @param dueNanos from the start of the run
   */
  public static String of(
      int run, int channel, int publisher, int number, long dueNanos, int bytes) {
    var data = new StringBuilder(bytes).append("{\"lt\":\"");
    digits(data, run, RUN_DIGITS);
    digits(data, channel, CHANNEL_DIGITS);
    digits(data, publisher, PUBLISHER_DIGITS);
    digits(data, number, NUMBER_DIGITS);
    digits(data, dueNanos, DUE_DIGITS);
    return data.append(MIDDLE).append("x".repeat(bytes - LEAST_BYTES)).append(END).toString();
  }

  /** The run that the publication whose data begin {@code at} is of. */
  static int run(byte[] bytes, int at) {
    return (int) number(bytes, at + RUN_AT, RUN_DIGITS);
  }

  /** The number of the channel that it was published to. */
  static int channel(byte[] bytes, int at) {
    return (int) number(bytes, at + CHANNEL_AT, CHANNEL_DIGITS);
  }

  /** Who published it. */
  static int publisher(byte[] bytes, int at) {
    return (int) number(bytes, at + PUBLISHER_AT, PUBLISHER_DIGITS);
  }

  /** Its number among those of this publisher in this channel. */
  static int number(byte[] bytes, int at) {
    return (int) number(bytes, at + NUMBER_AT, NUMBER_DIGITS);
  }

  /** When it was due, in nanoseconds from the start of the run. */
  static long dueNanos(byte[] bytes, int at) {
    return number(bytes, at + DUE_AT, DUE_DIGITS);
  }

  /** Whether data begin {@code at} and could be whole before {@code to}. */
  static boolean isAt(byte[] bytes, int at, int to) {
    return at + LEAST_BYTES <= to && Bytes.matches(MARK, bytes, at, to);
  }

  // What is no digit makes a wrong number, and that is found by whoever looks at the number.
  private static long number(byte[] bytes, int from, int width) {
    long value = 0;
    for (int i = from; i < from + width; i++) {
      value = value * 10 + (bytes[i] - '0');
    }
    return value;
  }

  private static void digits(StringBuilder to, long value, int width) {
    String digits = Long.toString(value);
    to.append("0".repeat(width - digits.length())).append(digits);
  }
}
