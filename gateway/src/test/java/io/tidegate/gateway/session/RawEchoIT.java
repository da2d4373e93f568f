package io.tidegate.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.testing.NodeOptions;
import io.tidegate.gateway.testing.PlainClient;
import io.tidegate.gateway.testing.PlainClient.Frame;
import io.tidegate.gateway.testing.TestNode;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RawEchoIT {
  private final TestNode node =
      new TestNode(
          NodeOptions.of(TestNode.store()).sources(EnumSet.allOf(TokenSource.class), true),
          TestNode.ECHO);

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void framesComeBackInOrderAsTheyWereAndOfTheirType() {
    try (PlainClient client = PlainClient.open(node.uri("echo"))) {
      byte[] large = new byte[60_000];
      Arrays.fill(large, (byte) 0xff);
      client.text("one").binary(new byte[] {0, 1}).text("").binary(new byte[0]).text("ä\n{}");
      client.binary(large);
      assertThat(client.await(6))
          .containsExactly(
              Frame.text("one"),
              Frame.binary((byte) 0, (byte) 1),
              Frame.text(""),
              Frame.binary(),
              Frame.text("ä\n{}"),
              Frame.binary(large));
      assertThat(
              node.metric(
                  "tidegate_connections_opened_total",
                  List.of("protocol", "transport"),
                  List.of("raw", "ws")))
          .isEqualTo(1);
    }
  }

  @Test
  void aMessageInFragmentsComesBackWhole() {
    try (PlainClient client = PlainClient.open(node.uri("echo"))) {
      client.fragments("Gr", "ü", "ße").text("end");
      assertThat(client.await(2)).containsExactly(Frame.text("Grüße"), Frame.text("end"));
    }
  }

  @Test
  void thereIsNoOtherRoute() {
    assertThat(PlainClient.refusal(node.uri("other"))).isEqualTo(404);
    assertThat(PlainClient.refusal(node.uri("echo/"))).isEqualTo(404);
  }
}
