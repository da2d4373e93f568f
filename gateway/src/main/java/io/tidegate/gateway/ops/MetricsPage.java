package io.tidegate.gateway.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The registry as text. Rendered on a worker, since reading the JVM's own metrics can block, and
 * once for all who ask meanwhile, so that eager scrapers cannot pile up work. Belongs to one event
 * loop.
 */
final class MetricsPage {
  private final Vertx vertx;
  private final CollectorRegistry registry;
  private final Map<String, Future<Buffer>> underWay = new HashMap<>();

  MetricsPage(Vertx vertx, CollectorRegistry registry) {
    this.vertx = vertx;
    this.registry = requireNonNull(registry, "registry");
  }

  /** The format that suits an {@code Accept} header best: OpenMetrics where it is asked for. */
  static String contentType(@Nullable String accept) {
    return TextFormat.chooseContentType(accept);
  }

  Future<Buffer> render(String contentType) {
    Future<Buffer> same = underWay.get(contentType);
    if (same != null) {
      return same;
    }
    Future<Buffer> page = vertx.executeBlocking(() -> write(contentType), false);
    underWay.put(contentType, page);
    return page.onComplete(done -> underWay.remove(contentType));
  }

  private Buffer write(String contentType) throws IOException {
    var bytes = new ByteArrayOutputStream(16 * 1024);
    try (var writer = new OutputStreamWriter(bytes, UTF_8)) {
      TextFormat.writeFormat(contentType, writer, registry.metricFamilySamples());
    }
    return Buffer.buffer(bytes.toByteArray());
  }
}
