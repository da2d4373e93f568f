package io.tidegate.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.client.Collector;
import io.prometheus.client.Collector.MetricFamilySamples;
import io.prometheus.client.CollectorRegistry;
import io.tidegate.backplane.GapCause;
import io.tidegate.gateway.metrics.Metrics.Level;
import io.tidegate.gateway.metrics.Metrics.Origin;
import io.tidegate.gateway.metrics.Metrics.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Metrics metrics = new Metrics(registry);

  private @Nullable Double value(String name, String... labels) {
    String[] names = new String[labels.length / 2];
    String[] values = new String[labels.length / 2];
    for (int i = 0; i < names.length; i++) {
      names[i] = labels[2 * i];
      values[i] = labels[2 * i + 1];
    }
    return registry.getSampleValue("tidegate_" + name, names, values);
  }

  /** Every metric with every label, as after a busy day. */
  private List<MetricFamilySamples> everything() {
    for (Level level : Level.values()) {
      metrics.level(level, () -> 1);
    }
    metrics.connectionOpened("json", "nio");
    metrics.connectionClosed("slow");
    metrics.upgradeRefused("draining");
    metrics.upgradeSeconds(0.1);
    metrics.proxyHeaderRefused("stranger");
    metrics.forwardedIgnored("malformed");
    metrics.publication(Origin.API);
    metrics.delivered("json").add(3, 300);
    metrics.broadcastSeconds(0.1);
    metrics.publishToDeliverSeconds(-0.1);
    metrics.slowConsumer("disconnect");
    metrics.limitHit("subscriptions");
    metrics.command("publish", "ok", 0.1);
    metrics.command("publish", "bad_request", 0.1);
    metrics.recovery(Recovery.RECOVERED);
    metrics.unsubscribed("expired");
    metrics.backplanePublishSeconds(0.1);
    metrics.backplane().up(true);
    metrics.backplane().reconnected();
    metrics.backplane().received(5);
    metrics.backplane().refilled(2);
    metrics.backplane().gap(GapCause.OVERLOAD);
    metrics.backplane().forked("promoted");
    metrics.backplane().reaped(4);
    metrics.backplane().presenceMembers(7);
    metrics.apiRequest("publish", "chat", "ok", 0.1);
    metrics.serviceBegins("chat");
    metrics.serviceBegins("chat");
    metrics.serviceEnds("chat", "timeout", 0.1);
    metrics.eventLoopLag(0.1);
    metrics.buildInfo("1", "17", "nio", "jdk");
    return Collections.list(registry.metricFamilySamples());
  }

  @Test
  void whatIsToldIsCounted() {
    assertThat(everything()).isNotEmpty();
    assertThat(value("connections")).isEqualTo(1);
    assertThat(value("connections_opened_total", "protocol", "json", "transport", "nio"))
        .isEqualTo(1);
    assertThat(value("publications_total", "origin", "api")).isEqualTo(1);
    assertThat(value("deliveries_total", "protocol", "json")).isEqualTo(3);
    assertThat(value("delivery_bytes_total")).isEqualTo(300);
    assertThat(value("commands_total", "command", "publish", "outcome", "ok")).isEqualTo(1);
    assertThat(value("commands_total", "command", "publish", "outcome", "bad_request"))
        .isEqualTo(1);
    assertThat(value("command_seconds_count", "command", "publish")).isEqualTo(2);
    assertThat(value("service_requests_total", "service", "chat", "outcome", "timeout"))
        .isEqualTo(1);
    assertThat(value("service_inflight", "service", "chat")).isEqualTo(1);
    assertThat(value("backplane_up")).isEqualTo(1);
    assertThat(value("backplane_received_total")).isEqualTo(5);
    assertThat(value("gaps_total", "cause", "overload")).isEqualTo(1);
    assertThat(value("epoch_forks_total", "cause", "promoted")).isEqualTo(1);
    assertThat(value("presence_members")).isEqualTo(7);
    assertThat(value("publish_to_deliver_seconds_sum")).isEqualTo(0);
    assertThat(value("build_info", "version", "1", "java", "17", "transport", "nio", "tls", "jdk"))
        .isEqualTo(1);
  }

  @Test
  void labelsKnownBeforehandAreThereFromTheStart() {
    assertThat(value("publications_total", "origin", "client")).isEqualTo(0);
    assertThat(value("recoveries_total", "outcome", "none_missed")).isEqualTo(0);
    assertThat(value("epoch_forks_total", "cause", "promoted")).isEqualTo(0);
    for (GapCause cause : GapCause.values()) {
      assertThat(value("gaps_total", "cause", cause.name().toLowerCase(Locale.ROOT))).isEqualTo(0);
    }
  }

  @Test
  void namesAndLabelsFollowTheRules() {
    for (MetricFamilySamples family : everything()) {
      assertThat(family.name).startsWith("tidegate_");
      assertThat(family.help).endsWith(".");
      assertThat(family.type)
          .isIn(Collector.Type.COUNTER, Collector.Type.GAUGE, Collector.Type.HISTOGRAM);
      if (family.type == Collector.Type.HISTOGRAM) {
        assertThat(family.name).endsWith("_seconds");
      }
      for (String label : labels(family)) {
        assertThat(label).isNotIn("channel", "user", "client", "connection", "session");
      }
    }
  }

  @Test
  void everyMetricIsDocumentedWithItsTypeAndLabels() throws IOException {
    List<String> lines = Files.readAllLines(DOCUMENT);
    var documented = new TreeSet<String>();
    lines.stream()
        .filter(line -> line.startsWith("| `tidegate_"))
        .forEach(line -> documented.add(line.split("`", -1)[1]));
    var registered = new TreeSet<String>();
    for (MetricFamilySamples family : everything()) {
      String name = family.name + (family.type == Collector.Type.COUNTER ? "_total" : "");
      registered.add(name);
      String row = rowOf(name, lines);
      String[] cells = row.split("\\|", -1);
      assertThat(cells).as(name).hasSize(7);
      assertThat(cells[2].strip()).as(name).isEqualTo(family.type.name().toLowerCase(Locale.ROOT));
      Set<String> labels = new TreeSet<>();
      Pattern.compile("`([a-z]+)`")
          .matcher(cells[3])
          .results()
          .forEach(m -> labels.add(m.group(1)));
      assertThat(labels).as(name).isEqualTo(labels(family));
      assertThat(cells[4]).as(name).isNotBlank();
    }
    assertThat(documented).isEqualTo(registered);
  }

  private static String rowOf(String name, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("| `" + name + "` |"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not in docs/metrics.md"));
  }

  private static Set<String> labels(MetricFamilySamples family) {
    var labels = new TreeSet<String>();
    family.samples.forEach(sample -> labels.addAll(sample.labelNames));
    labels.remove("le");
    return labels;
  }
}
