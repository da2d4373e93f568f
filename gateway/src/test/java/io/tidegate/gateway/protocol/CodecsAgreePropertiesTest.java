package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import io.tidegate.gateway.protocol.generated.ClientProto;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What both forms of the protocol say is the same, and what they hear too. */
final class CodecsAgreePropertiesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonProtocol json = new JsonProtocol();
  private final ProtobufProtocol protobuf = new ProtobufProtocol();

  @Property
  void repliesSayTheSame(@ForAll("replies") Reply reply, @ForAll("ids") long id) throws Exception {
    same(json.encode(id, reply), protobuf.encode(id, reply));
  }

  @Property
  void pushesSayTheSame(@ForAll("pushes") Push push) throws Exception {
    same(json.encode(push), protobuf.encode(push));
  }

  @Property
  void commandsAreHeardTheSame(@ForAll("commands") List<ObjectNode> messages) throws Exception {
    var inJson = new StringBuilder();
    var inProtobuf = new ArrayList<Message>();
    for (JsonNode message : messages) {
      inJson.append(message).append('\n');
      inProtobuf.add(JsonAsProtobuf.message(message, ClientProto.Command.newBuilder()));
    }
    var expected = new ArrayList<Command>();
    var heard = new ArrayList<Command>();
    json.decode(inJson.toString().getBytes(UTF_8), true, expected::add);
    protobuf.decode(ProtobufFrames.of(inProtobuf), false, heard::add);
    assertThat(heard).isEqualTo(expected).hasSameSizeAs(messages);
  }

  private static void same(Encoded inJson, Encoded inProtobuf) throws Exception {
    JsonNode message = MAPPER.readTree(inJson.bytes());
    assertThat(ProtobufFrames.reply(inProtobuf))
        .isEqualTo(JsonAsProtobuf.message(message, ClientProto.Reply.newBuilder()));
  }

  @Provide
  Arbitrary<Reply> replies() {
    return ProtocolValues.replies();
  }

  @Provide
  Arbitrary<Push> pushes() {
    return ProtocolValues.pushes();
  }

  @Provide
  Arbitrary<Long> ids() {
    return Arbitraries.longs().between(1, ClientMessage.MAX_ID);
  }

  @Provide
  Arbitrary<List<ObjectNode>> commands() {
    return ProtocolValues.commands().list().ofMinSize(1).ofMaxSize(5);
  }
}
