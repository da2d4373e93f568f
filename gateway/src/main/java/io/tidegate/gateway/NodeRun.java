package io.tidegate.gateway;

import io.tidegate.gateway.config.Config;
import io.tidegate.gateway.edge.DemoSettings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node from its start to the end of its drain, as a process lives it. */
final class NodeRun {
  private NodeRun() {}

  /**
   * Starts a node, and stops it at the first signal. Called on the main thread, which waits here.
   *
   * @param up told once, when every port answers
   * @return the exit code; throws why the node did not start or stop
   */
  static int untilStopped(Config config, @Nullable DemoSettings demo, Consumer<Gateway> up)
      throws Exception {
    Promise<Void> asked = Promise.promise();
    StopSignals signals =
        StopSignals.install(asked::tryComplete, () -> Runtime.getRuntime().halt(Terminal.FAILED));
    Vertx vertx = vertx(config);
    try {
      return Main.await(live(vertx, config, demo, up, asked.future()));
    } finally {
      // From this thread: what is composed after it on an event loop would die with that loop.
      Main.await(vertx.close());
      signals.uninstall();
    }
  }

  private static Vertx vertx(Config config) throws StartException {
    // One loop a core: more would only pass work from thread to thread, and what comes together
    // for one loop would not be found together.
    var options =
        new VertxOptions().setEventLoopPoolSize(Runtime.getRuntime().availableProcessors());
    try {
      return Vertx.builder()
          .with(options)
          .withTransport(config.listen().transport().gated())
          .build();
    } catch (IllegalArgumentException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Future<Integer> live(
      Vertx vertx,
      Config config,
      @Nullable DemoSettings demo,
      Consumer<Gateway> up,
      Future<Void> asked) {
    return Gateway.start(vertx, config, demo)
        .compose(
            gateway -> {
              up.accept(gateway);
              return asked.compose(signalled -> gateway.stop());
            })
        .map(Terminal.DONE);
  }
}
