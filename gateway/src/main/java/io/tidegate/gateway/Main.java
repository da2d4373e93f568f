package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.config.ConfigException;
import io.vertx.core.Future;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
    name = "tidegate",
    description = "A horizontally scaled WebSocket gateway.",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:failed", "2:wrong usage or configuration"})
public final class Main {
  private static final String PARALLELISM = "java.util.concurrent.ForkJoinPool.common.parallelism";
  private static final String NO_RENEGOTIATION = "jdk.tls.rejectClientInitiatedRenegotiation";
  private static final String GRID_LOGGING = "hazelcast.logging.type";

  private Main() {}

  public static void main(String[] args) {
    // Before anything touches the common pool: with parallelism 1, as on one or two cores,
    // Hazelcast starts a thread per completion.
    if (System.getProperty(PARALLELISM) == null && Runtime.getRuntime().availableProcessors() < 3) {
      System.setProperty(PARALLELISM, "2");
    }
    // RFC 9325 section 3.5; BoringSSL knows no other way. The JDK reads it once.
    if (System.getProperty(NO_RENEGOTIATION) == null) {
      System.setProperty(NO_RENEGOTIATION, "true");
    }
    // Before the grid's first line, which comes before it reads its configuration.
    if (System.getProperty(GRID_LOGGING) == null) {
      System.setProperty(GRID_LOGGING, "slf4j");
    }
    var out = new PrintWriter(System.out, true, UTF_8);
    var err = new PrintWriter(System.err, true, UTF_8);
    int code = run(new Terminal(System.getenv(), out, err), args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs one command to its end and tells the exit code. */
  static int run(Terminal terminal, String... args) {
    Clock clock = Clock.systemUTC();
    var line =
        new CommandLine(new Main())
            .addSubcommand(new ServeCommand(terminal))
            .addSubcommand(new DevCommand(terminal, clock, new SecureRandom()))
            .addSubcommand(new ConfigCommand(terminal))
            .addSubcommand(new TokenCommand(terminal, clock))
            .addSubcommand(new VersionCommand(terminal))
            .addSubcommand(new CommandLine.HelpCommand())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(terminal.out())
            .setErr(terminal.err());
    line.getCommandSpec().mixinStandardHelpOptions(true).version("tidegate " + Versions.tidegate());
    line.getSubcommands().values().stream()
        .filter(command -> !(command.getCommand() instanceof CommandLine.HelpCommand))
        .forEach(command -> command.getCommandSpec().mixinStandardHelpOptions(true));
    line.setExecutionExceptionHandler((failure, command, parsed) -> complain(terminal, failure));
    return line.execute(args);
  }

  private static int complain(Terminal terminal, Exception failure) {
    if (failure instanceof ConfigException wrong) {
      List<String> problems = wrong.problems();
      terminal
          .err()
          .println(
              problems.size() == 1
                  ? "tidegate: a problem in the configuration:"
                  : "tidegate: " + problems.size() + " problems in the configuration:");
      problems.forEach(problem -> terminal.err().println("  " + problem));
      return Terminal.WRONG_USAGE;
    }
    if (failure instanceof StartException) {
      terminal.err().println("tidegate: " + failure.getMessage());
      return Terminal.WRONG_USAGE;
    }
    LoggerFactory.getLogger(Main.class).error("the command failed", failure);
    return Terminal.FAILED;
  }

  /** The one place where the process waits: its main thread, for the node's end. */
  static <T> T await(Future<T> future) throws Exception {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
