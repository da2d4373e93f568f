package io.tidegate.gateway;

import io.tidegate.gateway.auth.TokenMint;
import io.tidegate.gateway.config.BackplaneSettings;
import io.tidegate.gateway.config.Config;
import io.tidegate.gateway.config.ConfigException;
import io.tidegate.gateway.config.ConfigLoader;
import io.tidegate.gateway.config.ConfigSource;
import io.tidegate.gateway.dev.DevConfig;
import io.tidegate.gateway.dev.DevHome;
import io.tidegate.gateway.dev.DevState;
import io.tidegate.gateway.edge.DemoSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dev}: a node for this machine alone, with nothing else needed. */
@Command(
    name = "dev",
    description =
        "Runs a node for this machine alone: certificate, secrets and demo page included.")
final class DevCommand implements Callable<Integer> {
  private static final Duration TOKEN_TTL = Duration.ofHours(24);
  private static final String CHANNEL = "demo";

  private final Terminal terminal;
  private final Clock clock;
  private final RandomGenerator random;

  @Option(names = "--port", defaultValue = "8443", description = PORT_TEXT)
  private int port;

  @Option(names = "--internal-port", defaultValue = "9000", description = PORT_TEXT)
  private int internalPort;

  @Option(names = "--ops-port", defaultValue = "9001", description = PORT_TEXT)
  private int opsPort;

  @Option(
      names = "--backplane",
      defaultValue = "hazelcast",
      description =
          "hazelcast, redis, or local for a node without others (default: ${DEFAULT-VALUE}).")
  private BackplaneSettings.Type backplane = BackplaneSettings.Type.HAZELCAST;

  @Option(
      names = "--redis",
      paramLabel = "URI",
      defaultValue = "redis://127.0.0.1:6379",
      description = "The server for --backplane redis (default: ${DEFAULT-VALUE}).")
  private String redis = "";

  private static final String PORT_TEXT = "Default: ${DEFAULT-VALUE}.";

  /**
   * Takes the world's sources.
   *
   * @param random a secure one
   */
  DevCommand(Terminal terminal, Clock clock, RandomGenerator random) {
    this.terminal = terminal;
    this.clock = clock;
    this.random = random;
  }

  @Override
  public Integer call() throws Exception {
    checkPort("--port", port);
    checkPort("--internal-port", internalPort);
    checkPort("--ops-port", opsPort);
    Path home = DevHome.locate(terminal.environment(), Path.of(System.getProperty("user.home")));
    DevState state = new DevHome(home, clock, random).open();
    Config config = config(state);
    var mint = new TokenMint(config.auth().jwt(), clock);
    var demo =
        new DemoSettings(
            config.nodeName(),
            CHANNEL,
            () -> mint.mint(guest(), TOKEN_TTL, null, List.of(), List.of()));
    String token = mint.mint("dev", TOKEN_TTL, null, List.of(), List.of());
    return NodeRun.untilStopped(config, demo, gateway -> announce(gateway, state, token));
  }

  private static void checkPort(String option, int port) throws ConfigException {
    if (port < 0 || port > 65_535) {
      throw new ConfigException(
          List.of(option + ": '" + port + "' (expected: a port from 0 to 65535)"));
    }
  }

  /** The same way as any configuration; but the environment has no say, so it stays on loopback. */
  private Config config(DevState state) throws ConfigException {
    String type = backplane.name().toLowerCase(Locale.ROOT);
    var variables = DevConfig.variables(state, port, internalPort, opsPort, type, redis);
    return new ConfigLoader(variables, ConfigOption.hostName())
        .load(new ConfigSource("dev", DevConfig.YAML, state.directory()))
        .config();
  }

  private String guest() {
    byte[] bytes = new byte[3];
    random.nextBytes(bytes);
    return "guest-" + HexFormat.of().formatHex(bytes);
  }

  private void announce(Gateway gateway, DevState state, String token) {
    int shown = gateway.publicPort();
    terminal
        .out()
        .printf(
            """

            Tidegate is up, for this machine alone.

              demo page   https://localhost:%1$d/   (the browser will warn: the certificate is self-signed)
              clients     wss://localhost:%1$d/connection/websocket
              metrics     http://localhost:%2$d/metrics

            A token for user "dev", good for 24 hours:

            %3$s

            Publish to the channel "%4$s" of the demo page:

            curl -H 'X-API-Key: %5$s' -d '{"channel":"%4$s","data":{"text":"hello"}}' http://127.0.0.1:%6$d/api/publish

            A second node that joins this one:  gateway/bin/tidegate dev --port %7$d --internal-port %8$d --ops-port %9$d
            Certificate and secrets are kept in %10$s.  Ctrl-C stops.

            """,
            shown,
            gateway.opsPort(),
            token,
            CHANNEL,
            state.apiKey(),
            gateway.internalPort(),
            shown + 1,
            gateway.internalPort() + 10,
            gateway.opsPort() + 10,
            state.directory());
    terminal.out().flush();
  }
}
