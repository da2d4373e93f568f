package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.JwtSettings;
import io.tidegate.gateway.auth.TokenMint;
import io.tidegate.gateway.config.ConfigException;
import io.tidegate.gateway.config.Durations;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.NotJsonException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code token}. */
@Command(name = "token", description = "Makes a token for trying things.")
final class TokenCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Clock clock;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ConfigOption option = new ConfigOption();

  @Option(names = "--user", paramLabel = "U", required = true, description = "Who the bearer is.")
  private String user = "";

  @Option(
      names = "--ttl",
      paramLabel = "DURATION",
      defaultValue = "1h",
      description = "How long it is good for, such as 30s, 5m or 1h (default: ${DEFAULT-VALUE}).")
  private String ttl = "";

  @Option(names = "--info", paramLabel = "JSON", description = "Shown to other clients.")
  private @Nullable String info;

  @Option(names = "--channel", paramLabel = "C", description = "A channel it grants; repeatable.")
  private List<String> channels = new ArrayList<>();

  TokenCommand(Terminal terminal, Clock clock) {
    this.terminal = terminal;
    this.clock = clock;
  }

  @Override
  public Integer call() throws ConfigException {
    Duration lifetime = Durations.parse(ttl);
    if (lifetime == null) {
      throw wrong("--ttl: '" + ttl + "' (expected: a duration such as 30s, 5m or 1h)");
    }
    Payload json = info == null ? null : json(info);
    JwtSettings jwt = option.load(terminal.environment()).config().auth().jwt();
    if (jwt.hmacSecret() == null) {
      throw new ConfigException(
          List.of("auth.jwt.hmac_secret: missing (expected: a secret to sign the token with)"));
    }
    terminal.out().println(new TokenMint(jwt, clock).mint(user, lifetime, json, channels));
    return Terminal.DONE;
  }

  private Payload json(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    try {
      return JsonData.normalize(bytes, 0, bytes.length);
    } catch (NotJsonException e) {
      throw wrong("--info: '" + text + "' (expected: one JSON value)");
    }
  }

  private CommandLine.ParameterException wrong(String message) {
    if (spec == null) {
      throw new IllegalStateException("run by picocli only");
    }
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
