package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeployedConfigTest {
  @TempDir Path directory;

  @Test
  void theExampleForADeploymentIsValid() throws Exception {
    Pems.certificate(directory, "server", "EC");
    var environment =
        Map.of(
            "TIDEGATE_AUTH_JWT_HMAC_SECRET",
            "0123456789abcdef0123456789abcdef",
            "TIDEGATE_INTERNAL_API_KEYS",
            "0123456789abcdef",
            "TIDEGATE_LISTEN_TLS_CERTIFICATE",
            directory.resolve("server.pem").toString(),
            "TIDEGATE_LISTEN_TLS_KEY",
            directory.resolve("server.key").toString());
    Config config =
        new ConfigLoader(environment, "host")
            .load(ConfigSource.of(Path.of("../deploy/tidegate.yaml")))
            .config();
    assertThat(config.namespaces()).extracting(n -> n.name()).containsExactly("", "news", "room");
    assertThat(config.backplane().hazelcast().members()).hasSize(3);
  }
}
