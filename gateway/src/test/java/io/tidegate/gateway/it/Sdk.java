package io.tidegate.gateway.it;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The public JavaScript SDK, beside the scripts that use it, in a directory of their own. */
final class Sdk {
  private static final Path SOURCES = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");
  private static final List<String> SCRIPTS =
      List.of(
          "package.json",
          "package-lock.json",
          "sdk.js",
          "service.js",
          "player.js",
          "scenarios.js",
          "matrix.js",
          "matrix.html",
          "server-library.js");
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static @Nullable Sdk installed;

  private final Path node;

  private Sdk(Path node) {
    this.node = node;
  }

  /** Fetches the SDK, once for all tests. */
  static synchronized Sdk install() throws IOException, InterruptedException {
    if (installed == null) {
      installed = fetch();
    }
    return installed;
  }

  private static Sdk fetch() throws IOException, InterruptedException {
    Path node = Requires.program("node");
    Path npm = Requires.program("npm");
    Files.createDirectories(INSTALLED);
    for (String name : SCRIPTS) {
      Files.write(INSTALLED.resolve(name), Files.readAllBytes(SOURCES.resolve(name)));
    }
    var outcome =
        Program.run(
            INSTALLED,
            PATIENCE,
            List.of(npm.toString(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"));
    if (outcome.exitCode() != 0) {
      throw Requires.missing("npm ci could not fetch the SDK: " + outcome.output().strip());
    }
    return new Sdk(node);
  }

  /** Where the scripts and their libraries are. */
  Path directory() {
    return INSTALLED.toAbsolutePath();
  }

  /** Runs a script to its end, telling it {@code told} by its one argument. */
  Program.Outcome run(String script, JsonObject told) throws IOException, InterruptedException {
    return run(script, told, List.of());
  }

  /** As above, with variables of the environment, each {@code NAME=VALUE}. */
  Program.Outcome run(String script, JsonObject told, List<String> environment)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("env"));
    command.addAll(environment);
    command.addAll(List.of(node.toString(), script, told.encode()));
    return Program.run(INSTALLED, PATIENCE, command);
  }
}
