package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Future;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server behind TLS. */
final class RedisTlsIT extends RedisServerSuite {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory;

  @Test
  void serverIsReachedByTlsWhereItsCertificateIsTrusted() throws Exception {
    makeCertificate();
    RedisServer secure =
        keep(
            RedisServer.start(
                "--tls-port",
                Integer.toString(RedisServer.freePort()),
                "--tls-cert-file",
                directory.resolve("cert.pem").toString(),
                "--tls-key-file",
                directory.resolve("key.pem").toString(),
                "--tls-ca-cert-file",
                directory.resolve("cert.pem").toString(),
                "--tls-auth-clients",
                "no"));
    String port = secure.command("CONFIG GET tls-port").split("\r\n", -1)[4];

    Node node = start(settings("localhost", port, directory.resolve("cert.pem").toString()));
    await(node.node.backplane().join(CHANNEL, KEEP));
    await(node.publish("a", null));
    eventually(() -> assertThat(node.heard.texts(CHANNEL)).containsExactly("a"));

    fails(settings("localhost", port, null));
    fails(settings("127.0.0.1", port, directory.resolve("cert.pem").toString()));
  }

  /** At once: no other attempt would change it. */
  private void fails(RedisSettings settings) {
    Node node = new Node(settings);
    Future<Void> start = node.start();
    assertThat(failureOf(start)).isEqualTo(Reason.UNAVAILABLE);
    assertThat(start.cause()).hasMessageContaining("TLS");
    await(node.node.close());
  }

  private static RedisSettings settings(String host, String port, @Nullable String authorities) {
    return new RedisSettings(
        "rediss://" + host + ":" + port, authorities, "test", 50, Duration.ofSeconds(5));
  }

  /** A self-signed one for localhost, made by the JDK's tool, as PEM files. */
  private void makeCertificate() throws Exception {
    Path store = directory.resolve("store.p12");
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=DNS:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(tool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    write("cert.pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
    write("key.pem", "PRIVATE KEY", keys.getKey("a", PASSWORD).getEncoded());
  }

  private void write(String name, String kind, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    Files.writeString(
        directory.resolve(name),
        "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
  }
}
