package io.tidegate.gateway.it;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.gateway.config.Pems;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The public SDKs, as they are, against two nodes behind HAProxy over wss: one list of scenarios
 * for all, the last of which kills a node.
 */
final class SdkMatrixIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Pattern SCENARIO = Pattern.compile("(?m)^  async '(.+)'\\(world\\)");

  /** Which SDK, and which codec it speaks. */
  private enum Sdks {
    JAVA_PROTOBUF,
    NODE_JSON,
    NODE_PROTOBUF,
    BROWSER_JSON
  }

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  @ParameterizedTest
  @EnumSource
  void everyScenarioHolds(Sdks which) throws Exception {
    Sdk sdk = Sdk.install();
    Pems.certificate(nodes.directory(), "tls", "RSA");
    try (var control = new SdkControl(sdk.directory())) {
      List<GatewayProcess> cluster = cluster(control);
      try (Balancer balancer = Balancer.start(nodes.directory(), cluster, null)) {
        control.cluster(cluster, balancer);
        String url = "wss://localhost:" + balancer.port() + "/connection/websocket";

        JsonArray results =
            switch (which) {
              case JAVA_PROTOBUF -> java(url, control);
              case NODE_JSON -> node(sdk, "json", url, control);
              case NODE_PROTOBUF -> node(sdk, "protobuf", url, control);
              case BROWSER_JSON -> browser(url, control);
            };

        assertThat(problems(results)).isEmpty();
        assertThat(names(results)).isEqualTo(scenarios(sdk));
      }
    }
  }

  private List<GatewayProcess> cluster(SdkControl control) {
    String listen =
        """
        { host: 127.0.0.1, port: 0, origins: ["*"], tls: { certificate: %s, key: %s },
          proxy_protocol: true, trusted_proxies: [127.0.0.1] }"""
            .formatted(nodes.directory().resolve("tls.pem"), nodes.directory().resolve("tls.key"));
    String services =
        """
        services: { all: { url: "%s/service", secrets: [whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw] } }
        rpc: { echo: all, fail: all }
        send: { service: all }
        """
            .formatted(control.uri());
    List<GatewayProcess> cluster =
        NodeConfig.cluster("doomed", "survivor").stream()
            .map(config -> config.listen(listen).more(services))
            .map(
                config ->
                    config.namespaces(
                        """
                        { closed: { subscribe: [nobody], publish: [service], read_history: [nobody] },
                          cache: { recovery: cache } }"""))
            .map(nodes::serve)
            .toList();
    cluster.forEach(node -> node.api().awaitNodes("doomed", "survivor"));
    return cluster;
  }

  private JsonArray node(Sdk sdk, String protocol, String url, SdkControl control)
      throws Exception {
    var told =
        new JsonObject()
            .put("url", url)
            .put("protocol", protocol)
            .put("control", control.uri().toString());
    Path certificate = nodes.directory().resolve("tls.pem");
    Program.Outcome outcome =
        sdk.run("matrix.js", told, List.of("NODE_EXTRA_CA_CERTS=" + certificate));
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    return control.results(PATIENCE);
  }

  private JsonArray java(String url, SdkControl control) throws Exception {
    Path trust = trustStore();
    String sdk = Path.of("target", "java-sdk").toAbsolutePath() + "/*";
    Path compiled = nodes.directory().resolve("sdk-java");
    List<String> compile = new ArrayList<>(List.of(jdk("javac"), "-cp", sdk, "-d", "" + compiled));
    try (var sources = Files.list(Path.of("src", "test", "sdk-java"))) {
      sources.forEach(source -> compile.add(source.toAbsolutePath().toString()));
    }
    Program.Outcome compilation = Program.run(nodes.directory(), PATIENCE, compile);
    assertThat(compilation.exitCode()).as(compilation.output()).isZero();
    List<String> command =
        List.of(
            jdk("java"),
            "-cp",
            sdk + File.pathSeparator + compiled,
            "-Djavax.net.ssl.trustStore=" + trust,
            "-Djavax.net.ssl.trustStorePassword=changeit",
            "Scenarios",
            url,
            control.uri().toString());
    Program.Outcome outcome = Program.run(nodes.directory(), PATIENCE, command);
    assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    return control.results(PATIENCE);
  }

  private static String jdk(String program) {
    return Path.of(System.getProperty("java.home"), "bin", program).toString();
  }

  private JsonArray browser(String url, SdkControl control) throws Exception {
    Path chromium = Requires.program("chromium");
    String page = control.uri() + "/?url=" + URLEncoder.encode(url, StandardCharsets.UTF_8);
    try (Browser browser = Browser.open(chromium, nodes.directory(), page)) {
      JsonArray results = control.results(PATIENCE);
      await().until(() -> browser.text("state").equals("done"));
      return results;
    }
  }

  private Path trustStore() throws Exception {
    Path file = nodes.directory().resolve("trust.p12");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try (var certificate = Files.newInputStream(nodes.directory().resolve("tls.pem"));
        OutputStream out = Files.newOutputStream(file)) {
      store.setCertificateEntry(
          "tls", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
      store.store(out, "changeit".toCharArray());
    }
    return file;
  }

  /** Those of the one list, by name. */
  private static List<String> scenarios(Sdk sdk) throws IOException {
    String list = Files.readString(sdk.directory().resolve("scenarios.js"));
    return SCENARIO.matcher(list).results().map(found -> found.group(1)).toList();
  }

  private static List<String> names(JsonArray results) {
    return results.stream().map(result -> ((JsonObject) result).getString("name")).toList();
  }

  private static String problems(JsonArray results) {
    Stream<JsonObject> all = results.stream().map(JsonObject.class::cast);
    return all.filter(result -> result.getString("problem") != null)
        .map(result -> result.getString("name") + ": " + result.getString("problem"))
        .collect(joining("\n"));
  }
}
