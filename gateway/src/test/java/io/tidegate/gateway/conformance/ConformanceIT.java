package io.tidegate.gateway.conformance;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.it.GatewayProcess;
import io.tidegate.gateway.it.NodeConfig;
import io.tidegate.gateway.it.Nodes;
import io.tidegate.gateway.testing.Trust;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.function.Executable;

/** Each case of {@link Conformance} on a node over ws, and on one over wss. */
final class ConformanceIT {
  @RegisterExtension static final Nodes nodes = Nodes.ofAllTests();

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "TIDEGATE_AUTH_ANONYMOUS",
          "true",
          "TIDEGATE_LIMITS_MAX_PAYLOAD",
          LengthCases.MOST + "B",
          "TIDEGATE_LIMITS_FRAGMENTS_PER_MESSAGE",
          Integer.toString(FragmentCases.MOST));

  private static Target ws;
  private static Target wss;

  @BeforeAll
  static void start() throws Exception {
    Pems.certificate(nodes.directory(), "tls", "EC");
    Path certificate = nodes.directory().resolve("tls.pem");
    Path key = nodes.directory().resolve("tls.key");
    String tls = "tls: { certificate: %s, key: %s }".formatted(certificate, key);
    GatewayProcess plain = launch("ws", "plaintext: true");
    GatewayProcess secure = launch("wss", tls);
    ws = target("ws", plain.awaitReady(), null);
    wss = target("wss", secure.awaitReady(), Trust.in(certificate));
  }

  @TestFactory
  Stream<DynamicNode> overWs() {
    return cases(ws);
  }

  @TestFactory
  Stream<DynamicNode> overWss() {
    return cases(wss);
  }

  private static GatewayProcess launch(String name, String transport) {
    String compression =
        "compression: { enabled: true, threshold: %dB }".formatted(ServerDeflateCases.THRESHOLD);
    NodeConfig config =
        NodeConfig.local(name)
            .listen("{ host: 127.0.0.1, port: 0, %s, %s }".formatted(transport, compression))
            .more("raw: { echo: { echo: true } }");
    return nodes.launch(config, ENVIRONMENT);
  }

  private static Target target(String scheme, GatewayProcess node, @Nullable SSLContext trust) {
    return new Target(
        scheme,
        node.publicPort(),
        trust,
        (user, code) -> {
          var frame = new JsonObject().put("code", code).put("reason", "by the suite");
          var unused =
              node.api()
                  .call("disconnect", new JsonObject().put("user", user).put("disconnect", frame));
        });
  }

  private static Stream<DynamicNode> cases(Target target) {
    // These wait for the node to lose patience, and meanwhile the others run.
    List<DynamicNode> patient =
        Conformance.patient().stream()
            .filter(ConformanceIT::isAskedFor)
            .map(each -> test(each, target, begun(each, target)))
            .toList();
    Stream<DynamicNode> areas =
        Conformance.areas().entrySet().stream()
            .map(area -> container(area.getKey(), area.getValue(), target));
    return Stream.concat(
        areas, Stream.of(DynamicContainer.dynamicContainer(Conformance.PATIENT, patient)));
  }

  private static DynamicNode container(String name, List<Case> cases, Target target) {
    return DynamicContainer.dynamicContainer(
        name,
        cases.stream()
            .filter(ConformanceIT::isAskedFor)
            .map(each -> test(each, target, () -> each.script().play(target))));
  }

  private static boolean isAskedFor(Case each) {
    return each.name().contains(System.getProperty("conformance.only", ""));
  }

  private static DynamicNode test(Case each, Target target, Executable play) {
    String name = each.name() + " [" + target.scheme() + "]";
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try {
            play.execute();
          } catch (Throwable e) {
            // Maven's summary does not tell which of a factory's tests it was.
            throw new AssertionError(name + ": " + e.getMessage(), e);
          }
        });
  }

  private static Executable begun(Case each, Target target) {
    CompletableFuture<Void> outcome =
        CompletableFuture.runAsync(
            () -> {
              try {
                each.script().play(target);
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            },
            task -> new Thread(task, each.name()).start());
    return outcome::join;
  }
}
