package io.tidegate.gateway;

import io.tidegate.gateway.config.Config;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code serve}. */
@Command(name = "serve", description = "Runs a node until SIGTERM or SIGINT, which drain it.")
final class ServeCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ConfigOption option = new ConfigOption();

  ServeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    Config config = option.load(terminal.environment()).config();
    return NodeRun.untilStopped(config, null, up -> {});
  }
}
