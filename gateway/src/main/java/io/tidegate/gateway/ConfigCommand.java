package io.tidegate.gateway;

import io.tidegate.gateway.config.ConfigException;
import io.tidegate.gateway.config.ConfigLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code config check|print|reference}. */
@Command(name = "config", description = "Checks, prints or explains the configuration.")
final class ConfigCommand {
  private final Terminal terminal;

  ConfigCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(
      name = "check",
      description = "Tells every problem at once; exits with 2 if there is any.")
  int check(@Mixin ConfigOption config) throws ConfigException {
    String name = config.load(terminal.environment()).config().nodeName();
    terminal.out().println("The configuration of " + name + " is good.");
    return Terminal.DONE;
  }

  @Command(name = "print", description = "Prints the effective configuration, with secrets masked.")
  int print(@Mixin ConfigOption config) throws ConfigException {
    terminal.out().print(config.load(terminal.environment()).print());
    return Terminal.DONE;
  }

  @Command(name = "reference", description = "Prints what can be configured, as Markdown.")
  int reference() {
    terminal.out().print(ConfigLoader.reference());
    return Terminal.DONE;
  }
}
