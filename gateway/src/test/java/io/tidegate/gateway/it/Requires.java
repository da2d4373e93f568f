package io.tidegate.gateway.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs beside the JDK. Where it is missing the test is skipped, loudly; with {@code
 * CI=true} in the environment it fails instead, so that nothing is skipped there for good.
 */
final class Requires {
  private Requires() {}

  /** A program on the path; where it is. */
  static Path program(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> missing("the program '" + name + "' is not on the path"));
  }

  /** Something else; {@code problem} says what is not there. Never returns: to be thrown. */
  static AssertionError missing(String problem) {
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new AssertionError(problem + ", and with CI=true nothing may be skipped");
    }
    System.out.println("*** SKIPPED: " + problem + " ***");
    return Assumptions.abort(problem);
  }
}
