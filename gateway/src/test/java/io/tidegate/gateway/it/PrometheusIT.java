package io.tidegate.gateway.it;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.it.Deploy.Query;
import io.tidegate.gateway.testing.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A real Prometheus with the shipped configuration, rules and dashboard queries over two nodes that
 * have seen every kind of thing that a panel shows.
 */
final class PrometheusIT {
  /** Two scrapes of ten seconds, since a rate needs two samples, and the evaluation after them. */
  private static final Duration SCRAPED = Duration.ofSeconds(90);

  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) ");

  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static List<GatewayProcess> cluster = List.of();
  private static Follower follower;
  private static PrometheusServer prometheus;

  @BeforeAll
  static void start() throws IOException {
    assertThat(Requires.program("prometheus")).isExecutable();
    cluster = nodes.cluster("one", "two");
    follower = busyDay();
    prometheus =
        PrometheusServer.start(
            nodes.directory(), cluster.stream().map(GatewayProcess::opsPort).toList());
    await("second scrape")
        .atMost(SCRAPED)
        .untilAsserted(
            () ->
                assertThat(
                        prometheus.query(
                            "count_over_time(up{job=\"tidegate\"}[1m]) > 1 and up == 1"))
                    .hasSize(2));
  }

  @AfterAll
  static void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (follower != null) {
      follower.close();
    }
  }

  /** Publishing, following, coming back, being refused: a child of every metric with labels. */
  private static Follower busyDay() {
    GatewayProcess one = cluster.get(0);
    GatewayProcess two = cluster.get(1);
    Follower first = Follower.of(one, "ann", "news");
    one.api().publish("news", 1);
    first.client().command("publish", ServerApi.publication("news", 2));
    first.awaitNumbers(2);
    JsonObject tooLong = new JsonObject().put("channel", "c".repeat(300));
    first.client().send("subscribe", tooLong);
    await().until(() -> first.client().messages().stream().anyMatch(m -> m.containsKey("error")));
    assertThatThrownBy(
            () ->
                TestClient.connect(
                    two.uri(), TestClient.Options.PLAIN.header("Authorization", "Bearer x")))
        .hasCauseInstanceOf(WebSocketHandshakeException.class);
    return first.resume(two);
  }

  @Test
  void everyMetricThatIsAskedForIsExportedByTheNodes() throws Exception {
    // The page names each metric that a node knows, those of which nothing has happened yet
    // included.
    Set<String> exported = TYPE.matcher(page()).results().map(m -> m.group(1)).collect(toSet());

    for (Query query : queries().toList()) {
      assertThat(exported).as(query.toString()).containsAll(query.metrics());
    }
    assertThat(queries().flatMap(query -> query.metrics().stream()).collect(toSet()))
        .hasSizeGreaterThan(30);
  }

  private static String page() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + cluster.get(0).opsPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
        .body();
  }

  private static Stream<Query> queries() {
    return Stream.concat(Deploy.ruleQueries().stream(), Deploy.dashboardQueries().stream());
  }

  @Test
  void everyPanelOfTheDashboardShowsSomething() {
    // Of services there are series only where one is configured and called.
    List<Query> asked =
        Deploy.dashboardQueries().stream()
            .filter(query -> !query.expression().contains("tidegate_service_"))
            .toList();

    await()
        .atMost(SCRAPED)
        .untilAsserted(
            () ->
                assertThat(asked)
                    .allSatisfy(
                        query ->
                            assertThat(prometheus.query(query.expression()))
                                .as(query.place())
                                .isNotEmpty()));
  }

  @Test
  void everyRuleIsEvaluatedWithoutError() {
    Set<String> names = Deploy.ruleQueries().stream().map(Query::place).collect(toSet());

    await()
        .atMost(SCRAPED)
        .untilAsserted(
            () ->
                assertThat(prometheus.rules())
                    .allSatisfy(rule -> assertThat(rule.getString("health")).isEqualTo("ok")));
    assertThat(prometheus.rules().stream().map(rule -> rule.getString("name")))
        .containsExactlyInAnyOrderElementsOf(names);
    for (Query query : Deploy.ruleQueries()) {
      assertThat(prometheus.query(query.expression())).as(query.place()).isNotNull();
    }
    assertThat(firing()).isEmpty();
  }

  private static String firing() {
    return prometheus.alerts().stream()
        .filter(alert -> alert.getString("state").equals("firing"))
        .map(JsonObject::encode)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void aNodeIsAddedWithoutARestartAndItsDeathIsNoticed() throws IOException {
    GatewayProcess three = nodes.serve(NodeConfig.local("three"));
    String instance = PrometheusServer.instance(three.opsPort());
    String up = "up{job=\"tidegate\",instance=\"" + instance + "\"}";
    prometheus.targets(
        Stream.concat(cluster.stream(), Stream.of(three)).map(GatewayProcess::opsPort).toList());
    await().atMost(SCRAPED).until(() -> !prometheus.query(up + " == 1").isEmpty());

    three.kill();

    await().atMost(SCRAPED).until(() -> !prometheus.query(up + " == 0").isEmpty());
    await()
        .atMost(SCRAPED)
        .untilAsserted(
            () ->
                assertThat(prometheus.alerts())
                    .anySatisfy(
                        alert -> {
                          JsonObject labels = alert.getJsonObject("labels");
                          assertThat(labels.getString("alertname")).isEqualTo("TidegateNodeDown");
                          assertThat(labels.getString("instance")).isEqualTo(instance);
                        }));
  }
}
