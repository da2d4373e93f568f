package io.tidegate.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tidegate.gateway.limits.AddressConnections;
import io.tidegate.gateway.session.SessionDirectory;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DrainTest {
  @Test
  void itRunsOnce() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      var settings = new DrainSettings(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(20));
      var admission = new Admission(1, new AddressConnections(1));
      var drain = new Drain(vertx, settings, admission, new SessionDirectory(), System::nanoTime);

      drain.run().await(20, TimeUnit.SECONDS);

      assertThat(drain.state()).isEqualTo(3);
      assertThatIllegalStateException()
          .isThrownBy(drain::run)
          .withMessage("drain: called twice (expected: once)");
    } finally {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }
}
