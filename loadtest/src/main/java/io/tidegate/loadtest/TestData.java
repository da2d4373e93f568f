package io.tidegate.loadtest;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The data of a publication: JSON that carries its number at a width that never changes, and is
 * filled up to a size. Stateless.
 */
final class TestData {
  /** How a publication of ours begins; what follows are the digits of its number. */
  static final byte[] MARK = "{\"n\":\"".getBytes(US_ASCII);

  static final int DIGITS = 12;

  private static final String MIDDLE = "\",\"pad\":\"";
  private static final String END = "\"}";

  static final int LEAST_BYTES = MARK.length + DIGITS + MIDDLE.length() + END.length();

  private TestData() {}

  static String of(long number, int bytes) {
    var data = new StringBuilder(bytes).append("{\"n\":\"");
    String digits = Long.toString(number);
    data.append("0".repeat(DIGITS - digits.length())).append(digits).append(MIDDLE);
    return data.append("x".repeat(bytes - LEAST_BYTES)).append(END).toString();
  }
}
