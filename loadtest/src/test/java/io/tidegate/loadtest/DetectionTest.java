package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.loadtest.FaultyGateway.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each detector detects: a server that does one thing wrong makes the run fail by that name. */
final class DetectionTest {
  @TempDir private Path directory;

  @Test
  void aGoodServerIsGood() throws Exception {
    JsonNode report = fanout(0, Fault.NONE);
    assertThat(missed(report)).isEmpty();
    // 40 publications of one publisher each to one of two channels with two subscribers.
    assertThat(report.at("/publications/acknowledged").asLong()).isEqualTo(40);
    assertThat(report.at("/deliveries/measured").asLong()).isEqualTo(80);
    assertThat(report.at("/latency_millis/count").asLong()).isEqualTo(80);
  }

  @Test
  void lossIsDetected() throws Exception {
    JsonNode report = fanout(1, Fault.LOSE_EVERY_SEVENTH);
    assertThat(missed(report)).containsExactly("--max-loss");
    // Numbers 14, 21, 28 and 35, for two subscribers each.
    assertThat(report.at("/deliveries/lost").asLong()).isEqualTo(8);
    assertThat(missed(fanout(0, Fault.LOSE_EVERY_SEVENTH, "--max-loss", "8"))).isEmpty();
  }

  @Test
  void duplicatesAreDetected() throws Exception {
    JsonNode report = fanout(1, Fault.DOUBLE_EVERY_SEVENTH);
    assertThat(missed(report)).containsExactly("--max-duplicates");
    assertThat(report.at("/deliveries/duplicates").asLong()).isEqualTo(8);
  }

  @Test
  void disorderIsDetected() throws Exception {
    JsonNode report = fanout(1, Fault.SWAP_EVERY_SEVENTH);
    assertThat(missed(report)).containsExactly("--max-disorder");
    assertThat(report.at("/deliveries/disorder").asLong()).isEqualTo(8);
  }

  @Test
  void latencyIsDetected() throws Exception {
    JsonNode report = fanout(1, Fault.DELAY_PUSHES, "--max-p50", "200ms");
    assertThat(missed(report)).containsExactly("--max-p50");
    assertThat(report.at("/latency_millis/p50").asDouble())
        .isGreaterThanOrEqualTo(FaultyGateway.DELAY_MILLIS);
  }

  @Test
  void publicationsInTheWrongChannelAreDetected() throws Exception {
    assertThat(missed(fanout(1, Fault.CROSS_CHANNELS))).containsExactly("misdelivered");
  }

  @Test
  void failedPublicationsAreDetected() throws Exception {
    JsonNode report = fanout(1, Fault.FAIL_PUBLISHES);
    assertThat(missed(report)).containsExactly("--max-errors", "deliveries measured");
    assertThat(report.at("/publications/failures").fieldNames().next())
        .isEqualTo("publish: error 111 too many requests");
    JsonNode byClients = fanout(1, Fault.FAIL_PUBLISHES, "--publish-by", "clients");
    assertThat(missed(byClients)).containsExactly("--max-errors", "deliveries measured");
  }

  @Test
  void aClosedLoopOfFailuresDoesNotSpin() throws Exception {
    String[] options = {"--connections", "4", "--room", "2", "--closed-loop"};
    JsonNode report = run(1, Fault.FAIL_PUBLISHES, "mesh", options);
    assertThat(report.at("/publications/failed").asLong()).isBetween(4L, 44L);
  }

  @Test
  void aLostConnectionIsDetected() throws Exception {
    JsonNode report = fanout(1, Fault.CLOSE_FIRST_AFTER_TEN);
    assertThat(missed(report)).containsExactly("--max-disconnects", "--max-loss");
    assertThat(report.at("/connections/lost_because").fieldNames().next())
        .isEqualTo("closed 3012 no pong");
  }

  @Test
  void slowAnswersDoNotHideLatency() throws Exception {
    // One publisher has an answer each 300 ms, and 40 publications are due each second, so that the
    // last waits for long. A tester that counted from the sending would see nothing of it.
    JsonNode report = fanout(1, Fault.SLOW_ANSWERS, "--publishers", "1", "--max-p50", "200ms");
    assertThat(missed(report)).containsExactly("--max-errors", "--max-p50");
    assertThat(report.at("/publications/unsent").asLong()).isPositive();
    assertThat(report.at("/latency_millis/max").asDouble()).isGreaterThan(1_000);
  }

  @Test
  void clientsThatAreRefusedEndTheRun() throws Exception {
    for (Fault fault :
        List.of(Fault.REFUSE_UPGRADES, Fault.REFUSE_CONNECT, Fault.REFUSE_SUBSCRIBE)) {
      try (var gateway = new FaultyGateway(fault)) {
        assertThat(Main.run("fanout", "--url", gateway.ws(), "--connections", "2")).isEqualTo(1);
      }
    }
  }

  @Test
  void meshDetectsLoss() throws Exception {
    String[] options = {"--connections", "6", "--room", "3", "--rate", "40"};
    JsonNode good = run(0, Fault.NONE, "mesh", options);
    assertThat(good.at("/deliveries/measured").asLong()).isEqualTo(120);
    assertThat(missed(run(1, Fault.LOSE_EVERY_SEVENTH, "mesh", options)))
        .containsExactly("--max-loss");
    String[] closed = {"--connections", "4", "--room", "2", "--closed-loop"};
    JsonNode looped = run(0, Fault.NONE, "mesh", closed);
    assertThat(looped.at("/publications/acknowledged").asLong()).isGreaterThan(4);
  }

  @Test
  void pairsDetectLossAndWhatReachesTheWrongOne() throws Exception {
    String[] options = {"--connections", "4", "--rate", "40"};
    JsonNode good = run(0, Fault.NONE, "pairs", options);
    assertThat(good.at("/deliveries/measured").asLong()).isEqualTo(40);
    assertThat(missed(run(1, Fault.LOSE_EVERY_SEVENTH, "pairs", options)))
        .containsExactly("--max-loss");
    assertThat(missed(run(1, Fault.CROSS_CHANNELS, "pairs", options)))
        .containsExactly("misdelivered");
  }

  @Test
  void aLoopThatWaitsForDeliveriesIsHeldUpByThem() throws Exception {
    String[] loop = {
      "--publish-by",
      "clients",
      "--publishers",
      "4",
      "--publishing-connections",
      "1",
      "--connections",
      "4",
      "--channels",
      "2",
      "--closed-loop"
    };
    String[] waiting =
        Stream.concat(Stream.of(loop), Stream.of("--until-delivered")).toArray(String[]::new);
    JsonNode hasty = run(0, Fault.DELAY_PUSHES, "fanout", loop);
    JsonNode patient = run(0, Fault.DELAY_PUSHES, "fanout", waiting);
    assertThat(hasty.at("/connections/opened").asLong()).isEqualTo(5);
    // Each publisher waits for 300 ms, so that it has no more than four in a second.
    assertThat(patient.at("/publications/acknowledged").asLong()).isBetween(4L, 16L);
    assertThat(hasty.at("/publications/acknowledged").asLong()).isGreaterThan(16);
    // What never comes is waited for until the end, and told.
    assertThat(missed(run(1, Fault.LOSE_EVERY_SEVENTH, "fanout", waiting)))
        .containsExactly("--max-loss");
  }

  @Test
  void theSameIsDetectedInServersWithoutAProtocol() throws Exception {
    String[] options = {
      "--dialect", "bare", "--publish-by", "clients", "--connections", "4", "--rate", "40"
    };
    assertThat(run(0, Fault.NONE, "fanout", options).at("/deliveries/measured").asLong())
        .isEqualTo(160);
    assertThat(missed(run(1, Fault.LOSE_EVERY_SEVENTH, "fanout", options)))
        .containsExactly("--max-loss");
    assertThat(missed(run(1, Fault.DOUBLE_EVERY_SEVENTH, "fanout", options)))
        .containsExactly("--max-duplicates");
    String[] pairs = {"--dialect", "bare", "--connections", "4", "--rate", "40"};
    assertThat(missed(run(0, Fault.NONE, "pairs", pairs))).isEmpty();
    assertThat(missed(run(1, Fault.CROSS_CHANNELS, "pairs", pairs)))
        .containsExactly("misdelivered");
  }

  @Test
  void connectCountsFailuresByKind() throws Exception {
    String[] options = {"--connections", "5", "--rate", "20"};
    JsonNode good = run(0, Fault.NONE, "connect", options);
    assertThat(good.at("/connections/opened").asLong()).isEqualTo(20);
    assertThat(good.at("/handshake_millis/count").asLong()).isEqualTo(20);
    JsonNode refused = run(1, Fault.REFUSE_UPGRADES, "connect", options);
    assertThat(refused.at("/connections/failures").fieldNames().next()).startsWith("upgrade: 503");
    JsonNode unauthorized = run(1, Fault.REFUSE_CONNECT, "connect", options);
    assertThat(unauthorized.at("/connections/failures").fieldNames().next())
        .isEqualTo("connect: error 101 unauthorized");
  }

  @Test
  void idleCountsPingsAndTellsWhatIsRefused() throws Exception {
    String[] options = {"--connections", "5", "--channels", "2"};
    JsonNode good = run(0, Fault.NONE, "idle", options);
    assertThat(good.at("/connections/opened").asLong()).isEqualTo(5);
    assertThat(good.at("/pings/interval_seconds").asLong()).isEqualTo(25);
    JsonNode refused = run(1, Fault.REFUSE_SUBSCRIBE, "idle", options);
    assertThat(refused.at("/connections/failures").fieldNames().next())
        .isEqualTo("subscribe: error 103 permission denied");
  }

  private JsonNode fanout(int exitCode, Fault fault, String... more) throws Exception {
    var options = new ArrayList<>(List.of("--connections", "4", "--channels", "2", "--rate", "40"));
    options.addAll(List.of(more));
    return run(exitCode, fault, "fanout", options.toArray(String[]::new));
  }

  private JsonNode run(int exitCode, Fault fault, String scenario, String... options)
      throws Exception {
    Path json = directory.resolve("report.json");
    Files.deleteIfExists(json);
    try (var gateway = new FaultyGateway(fault)) {
      Stream<String> api =
          switch (scenario) {
            case "fanout" -> Stream.of("--drain", "2s", "--api", gateway.api());
            case "mesh", "pairs" -> Stream.of("--drain", "2s");
            default -> Stream.of();
          };
      Stream<String> fixed =
          Stream.of(
              scenario,
              "--url",
              List.of(options).contains("bare") ? gateway.bare() : gateway.ws(),
              "--json",
              json.toString(),
              "--warmup",
              "0s",
              "--duration",
              "1s");
      String[] all =
          Stream.of(fixed, api, Stream.of(options)).flatMap(part -> part).toArray(String[]::new);
      assertThat(Main.run(all)).as("exit code of %s", fault).isEqualTo(exitCode);
    }
    return new ObjectMapper().readTree(json.toFile());
  }

  private static List<String> missed(JsonNode report) {
    var missed = new ArrayList<String>();
    for (JsonNode check : report.get("checks")) {
      if (!check.get("met").asBoolean()) {
        missed.add(check.get("name").asText());
      }
    }
    return missed;
  }
}
