package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.auth.AuthSettings;
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

  @Option(
      names = "--channel",
      paramLabel = "C",
      description = "A channel, or a pattern such as chat:*, that it grants; repeatable.")
  private List<String> channels = new ArrayList<>();

  @Option(
      names = "--subscribe",
      paramLabel = "C",
      description = "A channel its connection is subscribed to from the start; repeatable.")
  private List<String> subscribed = new ArrayList<>();

  @Option(
      names = "--subscription",
      paramLabel = "C",
      description = "Makes a subscription token for this channel instead.")
  private @Nullable String subscription;

  @Option(
      names = "--client",
      paramLabel = "ID",
      description = "With --subscription: the connection that alone may use it.")
  private @Nullable String client;

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
    if (subscription == null ? client != null : !channels.isEmpty() || !subscribed.isEmpty()) {
      throw wrong(
          subscription == null
              ? "--client: (expected: --subscription beside it)"
              : "--subscription: (expected: neither --channel nor --subscribe beside it)");
    }
    AuthSettings auth = option.load(terminal.environment()).config().auth();
    terminal
        .out()
        .println(
            subscription == null
                ? mint(auth.jwt(), "auth.jwt").mint(user, lifetime, json, channels, subscribed)
                : mint(auth.subscriptionJwt(), "auth.subscription_jwt")
                    .mintSubscription(user, subscription, client, lifetime, json));
    return Terminal.DONE;
  }

  private TokenMint mint(JwtSettings jwt, String key) throws ConfigException {
    if (jwt.hmacSecret() == null) {
      throw new ConfigException(
          List.of(key + ".hmac_secret: missing (expected: a secret to sign the token with)"));
    }
    return new TokenMint(jwt, clock);
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
