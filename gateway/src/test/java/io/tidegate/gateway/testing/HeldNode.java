package io.tidegate.gateway.testing;

import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.local.LocalNode;
import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.JwtSettings;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.SubscriptionTokens;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.auth.Who;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.service.Services;
import io.tidegate.gateway.service.ServicesSettings;
import io.tidegate.gateway.session.HeartbeatSettings;
import io.tidegate.gateway.session.OtherConnections;
import io.tidegate.gateway.session.OutboundSettings;
import io.tidegate.gateway.session.SessionNode;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What sessions share where a test has the backplane in its own hands. */
public final class HeldNode {
  /** Without history and presence; everybody may subscribe. */
  public static final Namespace PLAIN = new TestNamespace("").subscribe(Who.ANYONE).build();

  /** With history and recovery; everybody may subscribe. */
  public static final Namespace RECOVERED =
      new TestNamespace("")
          .history(100, Duration.ofMinutes(5))
          .recover(true)
          .positioned(true)
          .subscribe(Who.ANYONE)
          .build();

  private HeldNode() {}

  /** For anonymous clients only, and those that an upgrade knows. */
  public static SessionNode of(Loop loop, Backplane backplane, Namespaces namespaces) {
    return of(loop, backplane, namespaces, System::nanoTime);
  }

  /** One whose timers run by {@code nanoTime}. */
  public static SessionNode of(
      Loop loop, Backplane backplane, Namespaces namespaces, LongSupplier nanoTime) {
    return of(
        loop,
        backplane,
        namespaces,
        nanoTime,
        Clock.systemUTC(),
        newer -> Future.succeededFuture(),
        null,
        "c");
  }

  /** One whose users have one connection each, by {@code clock}; all its sessions are one's. */
  public static SessionNode single(
      Loop loop,
      Backplane backplane,
      Namespaces namespaces,
      Clock clock,
      OtherConnections others,
      String client) {
    return of(
        loop,
        backplane,
        namespaces,
        System::nanoTime,
        clock,
        others,
        new PersonalChannel("", true),
        client);
  }

  private static SessionNode of(
      Loop loop,
      Backplane backplane,
      Namespaces namespaces,
      LongSupplier nanoTime,
      Clock clock,
      OtherConnections others,
      @Nullable PersonalChannel personal,
      String client) {
    var jwt = new JwtSettings(TestTokens.SECRET, List.of(), null, null, Duration.ZERO);
    var settings =
        new AuthSettings(jwt, jwt, Set.of(TokenSource.HEADER), Duration.ofSeconds(10), true);
    var vertx = loop.context().owner();
    var store =
        new LocalNode(
            vertx, new NodeInfo("n", "n", "0", 0), TestNode.store(), BackplaneMetrics.NONE);
    var metrics = new Metrics(new CollectorRegistry());
    return new SessionNode(
        "n",
        "0",
        backplane,
        store.presence(),
        token ->
            Future.<Identity>failedFuture(
                new AuthException(AuthException.Reason.MALFORMED_TOKEN, "")),
        SubscriptionTokens.create(jwt, Clock.systemUTC()),
        settings,
        namespaces,
        personal,
        others,
        new Services(
            ServicesSettings.NONE,
            "n",
            vertx,
            store.inbox(),
            metrics,
            Clock.systemUTC(),
            System::nanoTime,
            () -> "m"),
        TestNode.LIMITS,
        new HeartbeatSettings(Duration.ofSeconds(25), Duration.ofSeconds(8)),
        OutboundSettings.defaults(),
        metrics,
        clock,
        nanoTime,
        RandomGenerator.getDefault(),
        () -> client);
  }
}
