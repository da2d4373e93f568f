package io.tidegate.gateway;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code version}. */
@Command(name = "version", description = "Prints the versions of Tidegate and of Java.")
final class VersionCommand implements Callable<Integer> {
  private final Terminal terminal;

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().println("tidegate " + Versions.tidegate() + " (Java " + Versions.java() + ")");
    return Terminal.DONE;
  }
}
