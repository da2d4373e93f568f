package io.tidegate.gateway.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.CollectorRegistry;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.testing.RawUpgrade;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.TcpServerConfig;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The last step of a handshake, on a server of Vert.x's own. */
final class HandshakeTest {
  private static final Doorkeeper OPEN =
      new Doorkeeper() {
        @Override
        public boolean admits(@Nullable InetAddress peer) {
          return true;
        }

        @Override
        public void left(@Nullable InetAddress peer) {}

        @Override
        public void late() {}
      };

  private final Vertx vertx = Vertx.builder().withTransport(SocketTransport.NIO.gated()).build();

  @AfterEach
  void close() throws Exception {
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  /** The deadline of the door has ended by then, so that nothing else would. */
  @Test
  void whereAConnectionCannotBeginItIsClosedAfterIts101() throws Exception {
    try (var client = RawUpgrade.from("127.0.0.1", listen()).ask()) {
      assertThat(client.status()).isEqualTo(101);
      assertThat(client.head()).endsWith("\r\n\r\n");
      String reason = CloseCode.SERVER_ERROR.reason();
      byte[] head = {(byte) 0x88, (byte) (2 + reason.length()), 3004 >> 8, (byte) 3004};
      assertThat(client.rest()).isEqualTo(new String(head, ISO_8859_1) + reason);
    }
  }

  private int listen() throws Exception {
    var config = new HttpServerConfig(new HttpServerOptions().setHttp2ClearTextEnabled(false));
    TcpServerConfig tcp = config.getTcpConfig();
    tcp.setTransportConfig(
        new PublicPort(tcp.getTransportConfig(), OPEN, Duration.ofMinutes(1), null));
    HttpServer server =
        vertx.httpServerBuilder().with(config).build().requestHandler(request -> {});
    server.connectionHandler(connection -> fail((Http1ServerConnection) connection));
    return server.listen(0, "127.0.0.1").await(20, TimeUnit.SECONDS).actualPort();
  }

  private static void fail(Http1ServerConnection http) {
    Handshake handshake = Handshake.begin(http, (faulty, fault) -> {});
    http.handler(
        request -> {
          var context = (ContextInternal) Vertx.currentContext();
          var metrics = new Metrics(new CollectorRegistry());
          var loop =
              new WireLoop(context, Wired.LIMITS, metrics, System::nanoTime, new Inflaters());
          boolean accepted =
              handshake.accept(
                  new HttpAnswer(101),
                  new WebSocketConnection(loop, "client", Extensions.NONE),
                  ready -> {
                    throw new IllegalStateException("not ready");
                  },
                  () -> {});
          assertThat(accepted).isTrue();
        });
  }
}
