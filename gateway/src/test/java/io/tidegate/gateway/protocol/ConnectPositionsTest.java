package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.protocol.generated.ClientProto;
import io.tidegate.gateway.protocol.generated.ClientProto.ConnectRequest;
import io.tidegate.gateway.protocol.generated.ClientProto.SubscribeRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many positions a connect command may bring. */
final class ConnectPositionsTest {
  @Test
  void areBoundedInJson() throws MalformedFrameException {
    assertThat(json(1_024)).isInstanceOf(Command.Connect.class);
    assertRefused(json(1_025));
  }

  @Test
  void areBoundedInProtobuf() throws MalformedFrameException {
    assertThat(protobuf(1_024)).isInstanceOf(Command.Connect.class);
    assertRefused(protobuf(1_025));
  }

  private static void assertRefused(Command command) {
    assertThat(command).isInstanceOf(Command.Invalid.class);
    var invalid = (Command.Invalid) command;
    assertThat(invalid.error()).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(invalid.detail())
        .isEqualTo("connect.subs: too many (expected: at most 1024 channels)");
  }

  private static Command json(int channels) throws MalformedFrameException {
    var subs = new JsonObject();
    for (int i = 0; i < channels; i++) {
      subs.put("c" + i, new JsonObject().put("recover", true));
    }
    var connect =
        new JsonObject().put("id", 1).put("connect", new JsonObject().put("subs", subs)).encode();
    return one(new JsonProtocol(), connect.getBytes(UTF_8), true);
  }

  private static Command protobuf(int channels) throws MalformedFrameException {
    var connect = ConnectRequest.newBuilder();
    for (int i = 0; i < channels; i++) {
      connect.putSubs("c" + i, SubscribeRequest.newBuilder().setRecover(true).build());
    }
    byte[] frame =
        ProtobufFrames.of(ClientProto.Command.newBuilder().setId(1).setConnect(connect).build());
    return one(new ProtobufProtocol(), frame, false);
  }

  private static Command one(ClientProtocol protocol, byte[] frame, boolean text)
      throws MalformedFrameException {
    List<Command> commands = new ArrayList<>();
    protocol.decode(frame, text, commands::add);
    assertThat(commands).hasSize(1);
    return commands.get(0);
  }
}
