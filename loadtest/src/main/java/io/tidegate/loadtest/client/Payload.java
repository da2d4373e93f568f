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

  static final int RUN_DIGITS = 9;
  static final int CHANNEL_DIGITS = 6;
  static final int PUBLISHER_DIGITS = 6;
  static final int NUMBER_DIGITS = 9;
  static final int DUE_DIGITS = 15;

  private static final String MIDDLE = "\",\"pad\":\"";
  private static final String END = "\"}";
  private static final int DIGITS =
      RUN_DIGITS + CHANNEL_DIGITS + PUBLISHER_DIGITS + NUMBER_DIGITS + DUE_DIGITS;

  /** The smallest size. */
  public static final int LEAST_BYTES = MARK.length + DIGITS + MIDDLE.length() + END.length();

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

  private static void digits(StringBuilder to, long value, int width) {
    String digits = Long.toString(value);
    to.append("0".repeat(width - digits.length())).append(digits);
  }
}
