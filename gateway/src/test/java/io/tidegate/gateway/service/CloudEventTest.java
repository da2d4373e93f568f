package io.tidegate.gateway.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.vertx.core.MultiMap;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

final class CloudEventTest {
  private static Map<String, String> written(ServiceMessage message) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    CloudEvent.write(message, "n 1", headers);
    return headers.entries().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Test
  void attributesOfARequestAreHeaders() {
    var client = new ClientInfo("c1", "Änn \"%\"", Payload.utf8("{\"secret\":1}"), null);
    var message =
        new ServiceMessage("id1", Kind.RPC, "chat.send", Payload.utf8("1"), client, 1_500, 6_500);
    assertThat(written(message))
        .containsOnly(
            Map.entry("content-type", "application/json"),
            Map.entry("ce-specversion", "1.0"),
            Map.entry("ce-id", "id1"),
            Map.entry("ce-source", "/tidegate/nodes/n%201"),
            Map.entry("ce-type", "io.tidegate.rpc"),
            Map.entry("ce-time", "1970-01-01T00:00:01.500Z"),
            Map.entry("ce-expirytime", "1970-01-01T00:00:06.500Z"),
            Map.entry("ce-subject", "chat.send"),
            Map.entry("ce-client", "c1"),
            Map.entry("ce-user", "%C3%84nn%20%22%25%22"));
  }

  @Test
  void whatIsNotThereHasNoHeader() {
    var client = new ClientInfo("c1", "", null, null);
    var message = new ServiceMessage("id1", Kind.SEND, "", Payload.utf8("1"), client, 0, 0);
    assertThat(written(message))
        .containsEntry("ce-type", "io.tidegate.send")
        .doesNotContainKeys("ce-user", "ce-subject", "ce-expirytime");
  }

  @Property
  void anyTextIsAHeaderAndCanBeReadBack(@ForAll String text) {
    String header = CloudEvent.encode(text);
    assertThat(header).matches("[\\x21-\\x7E&&[^\"]]*");
    assertThat(decode(header)).isEqualTo(new String(text.getBytes(UTF_8), UTF_8));
  }

  private static String decode(String header) {
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < header.length(); i++) {
      char c = header.charAt(i);
      bytes.write(c == '%' ? Integer.parseInt(header.substring(++i, ++i + 1), 16) : c);
    }
    return bytes.toString(UTF_8);
  }
}
