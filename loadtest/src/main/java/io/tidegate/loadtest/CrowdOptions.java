package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Dialects;
import io.tidegate.loadtest.client.Fleet;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options about the clients. Confined to the main thread. */
final class CrowdOptions {
  private static final Duration TOKENS_VALID = Duration.ofDays(2);

  @Option(
      names = "--url",
      description =
          "Where clients connect, ws or wss. Given several times, connections take turns.",
      defaultValue = "ws://127.0.0.1:8443/connection/websocket")
  private List<URI> urls = List.of();

  @Option(
      names = "--source",
      description =
          "Local address to connect from. Given several times, connections take turns; each has"
              + " ports of its own. Loopback has 127.0.0.2, 127.0.0.3, ...")
  private List<String> sources = List.of();

  @Option(names = "--connections", defaultValue = "1000", description = "How many clients.")
  private int connections;

  @Option(names = "--token", description = "Token of all clients; without it, anonymous.")
  private @Nullable String token;

  @Option(
      names = "--secret",
      description =
          "In place of --token: HMAC secret (HS256) to make a token for each client with.")
  private @Nullable String secret;

  @Option(
      names = "--user",
      defaultValue = "loadtest",
      description = "With --secret: users are named like this, with -0, -1, ... behind.")
  private String user = "";

  @Option(
      names = "--dialect",
      defaultValue = "centrifuge",
      description = "What the server speaks: ${COMPLETION-CANDIDATES}.")
  private Dialects dialect = Dialects.centrifuge;

  @Option(names = "--insecure", description = "Accept any certificate of a wss URL.")
  private boolean insecure;

  @Option(
      names = "--opening",
      defaultValue = "50",
      description = "Connections that may be on their way at once, before the run begins.")
  private int opening;

  @Option(
      names = "--timeout",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long a connection may take to be of use.")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--threads",
      defaultValue = "1",
      description = "Event loops for the clients; they compete with a server on this machine.")
  private int threads;

  Crowd crowd() {
    var seconds = (int) Math.min(Integer.MAX_VALUE, timeout.toSeconds());
    return new Crowd(
        new Fleet.Targets(urls, sources, insecure, seconds, dialect),
        Tokens.of(token, secret, user, Main.now().getEpochSecond(), TOKENS_VALID),
        connections,
        opening,
        threads);
  }
}
