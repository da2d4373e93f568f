package io.tidegate.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import io.netty.buffer.ByteBuf;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.gateway.protocol.generated.ClientProto;
import io.tidegate.gateway.testing.ServerFrames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

final class ProtobufProtocolPropertiesTest {
  private final ProtobufProtocol protocol = new ProtobufProtocol();

  @Property
  void arbitraryBytesAreCommandsOrMalformed(@ForAll byte[] frame) {
    decodeAndCheck(frame);
  }

  @Property
  void damagedFramesAreCommandsOrMalformed(
      @ForAll("frames") byte[] frame, @ForAll int at, @ForAll byte damage) {
    byte[] damaged = frame.clone();
    damaged[Math.floorMod(at, damaged.length)] = damage;
    decodeAndCheck(damaged);
  }

  @Property
  void cutFramesAreCommandsOrMalformed(@ForAll("frames") byte[] frame, @ForAll int at) {
    decodeAndCheck(Arrays.copyOf(frame, Math.floorMod(at, frame.length)));
  }

  @Property
  void whatTheGeneratedClassesWroteIsReadBack(@ForAll("frames") byte[] frame) throws Exception {
    var commands = new ArrayList<Command>();
    protocol.decode(frame, false, commands::add);
    List<ClientProto.Command> messages = ProtobufFrames.commands(frame);
    assertThat(commands).hasSameSizeAs(messages);
    for (int i = 0; i < messages.size(); i++) {
      if (!(commands.get(i) instanceof Command.Invalid)) {
        assertThat(commands.get(i)).isEqualTo(ProtobufFrames.command(messages.get(i)));
      }
    }
  }

  @Property
  void joinedMessagesAreReadOneByOne(
      @ForAll @Size(min = 2, max = 128) List<@From("pushes") Push> pushes) throws Exception {
    List<Encoded> messages = pushes.stream().map(protocol::encode).toList();
    ByteBuf frame = new FrameWriter(Compression.OFF).frames(protocol, messages, 0);
    assertThat(ProtobufFrames.replies(ServerFrames.binary(frame)))
        .isEqualTo(messages.stream().map(ProtobufFrames::reply).toList());
    frame.release();
  }

  /** Whatever text finds its way into a message, it stays one. */
  @Property
  void anyTextIsReadAgain(@ForAll String any) {
    var info = new ClientInfo("c", any, null, null);
    var publication = new Publication(1, Payload.utf8("1"), info, Map.of(any, any), 1);
    Encoded encoded = protocol.encode(new Push.Published(any, publication, true, true));
    ClientProto.Push push = ProtobufFrames.reply(encoded).getPush();
    if (Utf8.encodable(any)) {
      assertThat(push.getChannel()).isEqualTo(any);
      assertThat(push.getPub().getTagsMap()).containsExactly(Map.entry(any, any));
    }
  }

  @Provide
  Arbitrary<Push> pushes() {
    return ProtocolValues.pushes();
  }

  @Provide
  Arbitrary<byte[]> frames() {
    return ProtocolValues.commands()
        .map(
            json -> {
              try {
                return JsonAsProtobuf.message(json, ClientProto.Command.newBuilder());
              } catch (JsonAsProtobuf.NoPlaceException e) {
                throw new AssertionError(json.toString(), e);
              }
            })
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map((List<Message> messages) -> ProtobufFrames.of(messages));
  }

  private void decodeAndCheck(byte[] frame) {
    var commands = new ArrayList<Command>();
    try {
      protocol.decode(frame, false, commands::add);
      assertThat(commands).isNotEmpty();
    } catch (MalformedFrameException malformed) {
      assertThat(malformed).hasMessageContaining("(expected: ");
    }
  }
}
