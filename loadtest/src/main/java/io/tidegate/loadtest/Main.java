package io.tidegate.loadtest;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry point: one subcommand per scenario. Exits with 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "tidegate-loadtest",
    description = "Puts load on a Tidegate gateway and measures what arrives.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "SCENARIO",
    subcommands = FanoutCommand.class)
final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
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
            })
        .execute(arguments);
  }
}
