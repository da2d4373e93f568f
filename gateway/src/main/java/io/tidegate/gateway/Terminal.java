package io.tidegate.gateway;

import java.io.PrintWriter;
import java.util.Map;

/**
 * What a command sees of the world.
 *
 * @param environment variables
 * @param out answers
 * @param err complaints
 */
record Terminal(Map<String, String> environment, PrintWriter out, PrintWriter err) {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;
}
