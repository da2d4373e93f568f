package io.tidegate.gateway.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.gateway.config.Pems;
import io.tidegate.gateway.testing.TestClient;
import io.tidegate.gateway.testing.TestTokens;
import io.tidegate.gateway.testing.Trust;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** wss with a self-signed certificate, the same by whichever engine. */
abstract class TlsSuite {
  @RegisterExtension final Nodes nodes = Nodes.ofOneTest();

  private GatewayProcess node;
  private Path certificate;

  @BeforeEach
  void start() throws Exception {
    Pems.certificate(nodes.directory(), "tls", "RSA");
    certificate = nodes.directory().resolve("tls.pem");
    String tls =
        "{ certificate: %s, key: %s, engine: %s }"
            .formatted(certificate, nodes.directory().resolve("tls.key"), engine());
    node =
        nodes.serve(
            NodeConfig.local("node").listen("{ host: 127.0.0.1, port: 0, tls: " + tls + " }"));
  }

  /** The value of {@code listen.tls.engine}. */
  abstract String engine();

  @Test
  void theNodeSaysWhoseTlsItIs() {
    assertThat(node.err()).containsPattern("node started .* tls=" + engine());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientTalksOverIt(String version) throws Exception {
    URI uri = URI.create("wss://localhost:" + node.publicPort() + "/connection/websocket");
    try (TestClient client =
            TestClient.connect(uri, TestClient.Options.PLAIN.tls(context(version)));
        SSLSocket socket = socket(version)) {
      var token = new JsonObject().put("token", TestTokens.of("ann"));
      assertThat(client.command("connect", token).containsKey("connect")).isTrue();

      socket.startHandshake();
      assertThat(socket.getSession().getProtocol()).isEqualTo(version);
      assertThat(socket.getSession().getCipherSuite()).containsAnyOf("_GCM_", "_CHACHA20_");
    }
  }

  @Test
  void http11IsNegotiatedAndNothingElse() throws Exception {
    try (SSLSocket socket = socket("TLSv1.3")) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
      socket.setSSLParameters(parameters);

      socket.startHandshake();

      assertThat(socket.getApplicationProtocol()).isEqualTo("http/1.1");
    }
  }

  @Test
  void aSuiteWithoutAuthenticatedEncryptionIsRefused() throws Exception {
    try (SSLSocket socket = socket("TLSv1.2")) {
      socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"});

      assertThatThrownBy(socket::startHandshake)
          .isInstanceOf(SSLHandshakeException.class)
          .hasMessageContaining("handshake_failure");
    }
  }

  @Test
  void tls11IsRefused() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), node.publicPort())) {
      socket.getOutputStream().write(clientHello(0x0302));

      // RFC 5246 section 7.2: record of type 21 (alert), its version, its length; level 2 (fatal),
      // description 70 (protocol_version).
      byte[] alert = socket.getInputStream().readNBytes(7);

      assertThat(alert[0]).isEqualTo((byte) 21);
      assertThat(alert[5]).isEqualTo((byte) 2);
      assertThat(alert[6]).isEqualTo((byte) 70);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void aClientThatComesBackResumesItsSession(String version) throws Exception {
    var trust = new CountingTrust();
    SSLContext client = SSLContext.getInstance(version);
    client.init(null, new TrustManager[] {trust}, null);
    for (int i = 0; i < 2; i++) {
      try (SSLSocket socket = socket(client)) {
        assertThat(statusLine(socket)).isEqualTo("HTTP/1.1 404 Not Found");
      }
    }

    // Only a full handshake shows a certificate.
    assertThat(trust.asked).isEqualTo(1);
  }

  /** RFC 9325 section 3.5: a server has no need of it, and each costs it a handshake. */
  @Test
  void aClientCannotRenegotiate() throws Exception {
    try (SSLSocket socket = socket("TLSv1.2")) {
      socket.startHandshake();

      assertThatThrownBy(
              () -> {
                socket.startHandshake();
                statusLine(socket);
              })
          .isInstanceOf(IOException.class);
    }
  }

  private static String statusLine(SSLSocket socket) throws IOException {
    socket.getOutputStream().write("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
    var answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
    String line = answer.readLine();
    if (line == null) {
      throw new EOFException("closed without an answer");
    }
    return line;
  }

  // By hand, since the JDK's own client does not offer TLS 1.1 any more.
  private static byte[] clientHello(int version) throws IOException {
    var body = new ByteArrayOutputStream();
    var hello = new DataOutputStream(body);
    hello.writeShort(version);
    hello.write("thirty-two bytes that are random".getBytes(US_ASCII));
    hello.writeByte(0); // No session.
    hello.writeShort(2);
    hello.writeShort(0xC013); // TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
    hello.writeByte(1);
    hello.writeByte(0); // No compression.
    var record = new ByteArrayOutputStream();
    var out = new DataOutputStream(record);
    out.writeByte(22);
    out.writeShort(0x0301);
    out.writeShort(body.size() + 4);
    out.writeInt(1 << 24 | body.size());
    body.writeTo(out);
    return record.toByteArray();
  }

  private SSLSocket socket(String version) throws Exception {
    SSLSocket socket = socket(context(version));
    socket.setEnabledProtocols(new String[] {version});
    return socket;
  }

  private SSLSocket socket(SSLContext client) throws IOException {
    return (SSLSocket) client.getSocketFactory().createSocket("localhost", node.publicPort());
  }

  private SSLContext context(String version) {
    return Trust.in(certificate, version);
  }

  /** Trusts everybody, and counts how often it is asked to. */
  private static final class CountingTrust implements X509TrustManager {
    int asked;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      asked++;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
