package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Payload;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Entry point: one subcommand per scenario. Exits with 0 for a good run, 1 for a threshold missed
 * or a run that failed, 2 for wrong usage. Clock and chance are taken from here.
 */
@Command(
    name = "tidegate-loadtest",
    description = "Puts load on a Tidegate gateway and measures what arrives.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SCENARIO",
    subcommands = {
      FanoutCommand.class,
      MeshCommand.class,
      PairsCommand.class,
      IdleCommand.class,
      ConnectCommand.class
    })
final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static Instant now() {
    return Instant.now();
  }

  /** A number that tells the publications of this run from those of others. */
  static int newRun() {
    return ThreadLocalRandom.current().nextInt(Payload.RUNS);
  }

  static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(
            (failure, command, parsed) -> {
              boolean expected =
                  failure instanceof LoadTestException || failure instanceof IOException;
              if (!expected) {
                throw failure;
              }
              command.getErr().println("tidegate-loadtest: " + failure.getMessage());
              return command.getCommandSpec().exitCodeOnExecutionException();
            });
  }
}
