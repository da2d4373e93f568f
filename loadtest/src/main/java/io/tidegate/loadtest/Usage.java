package io.tidegate.loadtest;

/** A wrong use of the command line, named by option, value and expectation. */
final class Usage extends RuntimeException {
  private static final long serialVersionUID = 1;

  private Usage(String message) {
    super(message);
  }

  static void require(boolean holds, String option, Object value, String expected) {
    if (!holds) {
      throw new Usage(option + ": '" + value + "' (expected: " + expected + ")");
    }
  }
}
