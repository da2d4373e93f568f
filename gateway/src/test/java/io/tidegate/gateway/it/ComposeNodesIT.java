package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The deployment of compose.yaml without its containers: Redis, two nodes and HAProxy, each with
 * the command, configuration and environment that stand there; only addresses, ports and paths are
 * those of this machine.
 */
final class ComposeNodesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private final ComposeFile compose = ComposeFile.shipped();
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void aClientBehindHaproxyFollowsWhatAServicePublishesAtEitherNode() throws Exception {
    int redis = startRedis();
    GatewayProcess one = startNode("gateway-1", redis).awaitReady();
    GatewayProcess two = startNode("gateway-2", redis).awaitReady();
    int balancer = startHaproxy(one, two);
    String key = ComposeFile.API_KEY;
    one.api(key).awaitNodes("gateway-1", "gateway-2");

    URI uri = URI.create("wss://localhost:" + balancer + "/connection/websocket");
    TestClient.Options options =
        TestClient.Options.PLAIN
            .tls(trusting(nodes.directory().resolve("site.pem")))
            .header("Authorization", "Bearer " + TestTokens.of("ann"));
    await("balancer").atMost(PATIENCE).until(() -> lets(uri, options));
    try (TestClient client = TestClient.connect(uri, options)) {
      assertThat(client.command("connect", new JsonObject()).fieldNames()).contains("connect");
      JsonObject news = new JsonObject().put("channel", "news:today");
      assertThat(client.command("subscribe", news).fieldNames()).contains("subscribe");

      one.api(key).publish("news:today", 1);
      two.api(key).publish("news:today", 2);

      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(client.pushes("news:today", "pub"))
                      .extracting(push -> push.getJsonObject("data").getInteger("n"))
                      .containsExactly(1, 2));
    }
  }

  private static boolean lets(URI uri, TestClient.Options options) {
    try (TestClient client = TestClient.connect(uri, options)) {
      return !client.isClosed();
    } catch (CompletionException e) {
      return false;
    }
  }

  private int startRedis() throws IOException {
    int port = Ports.free();
    List<String> command = new ArrayList<>(compose.command("redis"));
    command.set(0, Requires.program(command.get(0)).toString());
    command.replaceAll(
        argument -> argument.equals("/data") ? nodes.directory().toString() : argument);
    command.addAll(List.of("--bind", "127.0.0.1", "--port", Integer.toString(port)));
    run("redis", Map.of(), command);
    return port;
  }

  private GatewayProcess startNode(String service, int redis) {
    Map<String, String> environment = environment(service);
    environment.computeIfPresent(
        "TIDEGATE_BACKPLANE_REDIS_URI",
        (name, uri) -> uri.replace("@redis:6379", "@127.0.0.1:" + redis));
    environment.put("TIDEGATE_LISTEN_TRUSTED_PROXIES", "127.0.0.1");
    for (String port : List.of("LISTEN", "INTERNAL", "OPS")) {
      environment.put("TIDEGATE_" + port + "_HOST", "127.0.0.1");
      environment.put("TIDEGATE_" + port + "_PORT", "0");
    }
    String configuration = Deploy.DIRECTORY.resolve("compose-node.yaml").toString();
    return nodes.run(
        service,
        environment,
        compose.command(service).stream()
            .map(a -> a.equals("/etc/tidegate/tidegate.yaml") ? configuration : a)
            .toArray(String[]::new));
  }

  private int startHaproxy(GatewayProcess one, GatewayProcess two) throws Exception {
    Pems.certificate(nodes.directory(), "site", "EC");
    Path certificate = nodes.directory().resolve("site.pem");
    Path both = nodes.directory().resolve("chain-and-key.pem");
    Files.writeString(
        both, Deploy.text(certificate) + Deploy.text(nodes.directory().resolve("site.key")));
    int port = Ports.free();
    Map<String, String> environment = environment("haproxy");
    environment.put("LB_BIND", "127.0.0.1:" + port);
    environment.put("LB_CERTIFICATE", both.toString());
    environment.put("LB_MAX_CONNECTIONS", "400");
    List<GatewayProcess> started = List.of(one, two);
    for (int i = 0; i < started.size(); i++) {
      String node = "LB_NODE_" + (i + 1);
      assertThat(environment.put(node + "_HOST", "127.0.0.1")).isEqualTo("gateway-" + (i + 1));
      environment.put(node + "_PORT", Integer.toString(started.get(i).publicPort()));
      environment.put(node + "_OPS_PORT", Integer.toString(started.get(i).opsPort()));
    }
    String configuration = Deploy.DIRECTORY.resolve("haproxy/haproxy.cfg").toString();
    run(
        "haproxy",
        environment,
        List.of(Requires.program("haproxy").toString(), "-db", "-f", configuration));
    return port;
  }

  private Map<String, String> environment(String service) {
    Map<String, String> environment = new HashMap<>();
    JsonNode variables = compose.service(service).path("environment");
    variables
        .fieldNames()
        .forEachRemaining(name -> environment.put(name, variables.path(name).asText()));
    // As the tests' tokens are signed.
    environment.replace("TIDEGATE_AUTH_JWT_HMAC_SECRET", TestTokens.SECRET);
    return environment;
  }

  private void run(String name, Map<String, String> environment, List<String> command)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(nodes.directory().resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    processes.add(builder.start());
  }

  private static SSLContext trusting(Path certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(certificate)) {
      store.setCertificateEntry(
          "site", CertificateFactory.getInstance("X.509").generateCertificate(pem));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
