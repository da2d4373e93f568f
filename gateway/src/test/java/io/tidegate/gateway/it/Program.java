package io.tidegate.gateway.it;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A program that runs to its end. */
final class Program {
  /** How it ended; the output is of both streams. */
  record Outcome(int exitCode, String output) {}

  private Program() {}

  static Outcome run(Path directory, Duration most, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "program-", ".log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(most.toSeconds(), SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw new AssertionError(
          command + " still ran after " + most + "\n" + Files.readString(output));
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }
}
