package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HandshakeTest {
  // RFC 6455 section 1.3.
  private static final byte[] KEY = "the sample nonce".getBytes(ISO_8859_1);
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private final Handshake handshake =
      new Handshake(URI.create("ws://h:81/p?q=1"), KEY, "sub", Map.of("Authorization", "Bearer T"));

  @Test
  void asksAsTheStandardSays() {
    assertThat(new String(handshake.request(), ISO_8859_1))
        .startsWith("GET /p?q=1 HTTP/1.1\r\nHost: h:81\r\n")
        .contains("\r\nUpgrade: websocket\r\n", "\r\nConnection: Upgrade\r\n")
        .contains("\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n")
        .contains("\r\nSec-WebSocket-Version: 13\r\n", "\r\nSec-WebSocket-Protocol: sub\r\n")
        .contains("\r\nAuthorization: Bearer T\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void takesAnAnswerToItsOwnKeyAndSubprotocolOnly() {
    handshake.check(answer("101 Switching Protocols", ACCEPT, "sub"));
    assertThatThrownBy(() -> handshake.check(answer("503 Service Unavailable", ACCEPT, "sub")))
        .hasMessage("upgrade: 503 Service Unavailable");
    assertThatThrownBy(() -> handshake.check(answer("101 OK", ACCEPT + "=", "sub")))
        .hasMessageContaining("another key");
    assertThatThrownBy(() -> handshake.check(answer("101 OK", ACCEPT, "other")))
        .hasMessageContaining("without the subprotocol sub");
    assertThatThrownBy(() -> handshake.check("HTTP/1.0 101 OK"))
        .isInstanceOf(ClientException.class);
  }

  private static String answer(String status, String accept, String subprotocol) {
    return "HTTP/1.1 %s\r\nsec-websocket-accept: %s\r\nSec-WebSocket-Protocol: %s\r\n"
        .formatted(status, accept, subprotocol);
  }
}
