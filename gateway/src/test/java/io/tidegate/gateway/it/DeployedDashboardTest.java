package io.tidegate.gateway.it;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What of alerts and dashboard can be told without Prometheus. */
final class DeployedDashboardTest {
  private static final Set<String> PANELS = Set.of("row", "stat", "timeseries", "table");
  private static final int COLUMNS = 24;

  private final List<JsonNode> panels = Deploy.each(Deploy.dashboard().path("panels")).toList();

  @Test
  void everyAlertHasItsPageInTheRunbook() {
    String runbook = Deploy.text(Deploy.ROOT.resolve("docs/operations.md"));
    for (JsonNode alert : Deploy.alerts()) {
      String name = alert.path("alert").asText();
      assertThat(alert.path("annotations").path("runbook_url").asText())
          .isEqualTo("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
      assertThat(alert.path("annotations").path("summary").asText()).as(name).isNotBlank();
      assertThat(alert.path("labels").path("severity").asText()).isIn("page", "ticket");
      assertThat(runbook).contains("\n### " + name + "\n");
      String page = runbook.split("\n### " + name + "\n", -1)[1].split("\n##", -1)[0];
      assertThat(page).as(name).contains("- **Means**: ", "- **Look**: ", "- **Do**: ");
    }
  }

  @Test
  void everyAlertIsTestedForBothWays() {
    Set<String> fires = new HashSet<>();
    Set<String> quiet = new HashSet<>();
    Deploy.files(Deploy.PROMETHEUS.resolve("tests")).stream()
        .flatMap(file -> Deploy.each(Deploy.yaml(file).path("tests")))
        .flatMap(test -> Deploy.each(test.path("alert_rule_test")))
        .forEach(
            test ->
                (test.path("exp_alerts").isEmpty() ? quiet : fires)
                    .add(test.path("alertname").asText()));
    Set<String> alerts =
        Deploy.alerts().stream().map(alert -> alert.path("alert").asText()).collect(toSet());

    assertThat(alerts).hasSizeGreaterThan(10);
    assertThat(fires).isEqualTo(alerts);
    assertThat(quiet).isEqualTo(alerts);
  }

  @Test
  void recordedSeriesThatAreAskedForAreRecorded() {
    Set<String> recorded =
        Deploy.rules().stream().map(rule -> rule.path("record").asText()).collect(toSet());
    for (Deploy.Query query : Deploy.ruleQueries()) {
      assertThat(recorded).as(query.place()).containsAll(query.recorded());
    }
    for (Deploy.Query query : Deploy.dashboardQueries()) {
      assertThat(recorded).as(query.place()).containsAll(query.recorded());
    }
  }

  @Test
  void everyPanelIsOfAKindThatGrafanaKeeps() {
    assertThat(panels).extracting(panel -> panel.path("type").asText()).isSubsetOf(PANELS);
    assertThat(panels).extracting(panel -> panel.path("id").asInt()).doesNotHaveDuplicates();
    assertThat(
            panels.stream()
                .filter(panel -> panel.path("type").asText().equals("row"))
                .map(panel -> panel.path("title").asText()))
        .containsExactly(
            "Traffic", "Latency", "Backplane", "Sessions", "Limits", "Services", "JVM");
  }

  @Test
  void everyPanelSaysWhatItShowsInWhichUnit() {
    for (JsonNode panel : panels) {
      if (panel.path("type").asText().equals("row")) {
        continue;
      }
      String title = panel.path("title").asText();
      assertThat(panel.path("description").asText()).as(title).isNotBlank();
      assertThat(panel.path("targets").isEmpty()).as(title).isFalse();
      if (!panel.path("type").asText().equals("table")) {
        assertThat(panel.path("fieldConfig").path("defaults").path("unit").asText())
            .as(title)
            .isNotBlank();
      }
      List<JsonNode> sources = new ArrayList<>(List.of(panel.path("datasource")));
      Deploy.each(panel.path("targets")).forEach(target -> sources.add(target.path("datasource")));
      assertThat(sources)
          .extracting(source -> source.path("uid").asText())
          .as(title)
          .containsOnly("${datasource}");
    }
  }

  @Test
  void noPanelLiesOnAnother() {
    Map<String, String> taken = new HashMap<>();
    for (JsonNode panel : panels) {
      JsonNode place = panel.path("gridPos");
      int x = place.path("x").asInt();
      int y = place.path("y").asInt();
      assertThat(x + place.path("w").asInt()).isBetween(1, COLUMNS);
      IntStream.range(x, x + place.path("w").asInt())
          .forEach(
              column ->
                  IntStream.range(y, y + place.path("h").asInt())
                      .forEach(
                          line ->
                              assertThat(
                                      taken.put(column + " " + line, panel.path("title").asText()))
                                  .isNull()));
    }
  }

  @Test
  void queriesUseTheVariablesOfTheDashboardOnly() {
    Set<String> variables =
        Deploy.each(Deploy.dashboard().path("templating").path("list"))
            .map(variable -> "$" + variable.path("name").asText())
            .collect(toSet());
    assertThat(variables).containsExactlyInAnyOrder("$datasource", "$job", "$instance");
    for (Deploy.Query query : Deploy.dashboardQueries()) {
      assertThat(query.expression()).as(query.place()).doesNotContain("$");
    }
  }
}
