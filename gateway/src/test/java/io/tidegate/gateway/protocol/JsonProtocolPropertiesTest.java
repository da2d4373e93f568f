package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBuf;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.testing.ServerFrames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

final class JsonProtocolPropertiesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonProtocol protocol = new JsonProtocol();

  @Property
  void arbitraryBytesAreCommandsOrMalformed(@ForAll byte[] frame) {
    decodeAndCheck(frame);
  }

  @Property
  void damagedFramesAreCommandsOrMalformed(
      @ForAll("frames") String frame, @ForAll int at, @ForAll byte damage) {
    byte[] bytes = frame.getBytes(UTF_8);
    bytes[Math.floorMod(at, bytes.length)] = damage;
    decodeAndCheck(bytes);
  }

  @Property
  void cutFramesAreCommandsOrMalformed(@ForAll("frames") String frame, @ForAll int at) {
    byte[] bytes = frame.getBytes(UTF_8);
    decodeAndCheck(Arrays.copyOf(bytes, Math.floorMod(at, bytes.length)));
  }

  @Property
  void whatAnotherWriterWroteIsReadBack(
      @ForAll("channels") String channel, @ForAll String value, @ForAll("ids") long id)
      throws Exception {
    var message = MAPPER.createObjectNode();
    var publish = message.putObject("publish");
    publish.putObject("data").put(value, value);
    publish.put("channel", channel);
    message.put("id", id);

    var commands = new ArrayList<Command>();
    protocol.decode(
        MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(message), true, commands::add);

    assertThat(commands).hasSize(1);
    var read = (Command.Publish) commands.get(0);
    assertThat(read.id()).isEqualTo(id);
    assertThat(read.channel()).isEqualTo(channel);
    assertThat(MAPPER.readTree(read.data().bytes())).isEqualTo(publish.get("data"));
    assertThat(read.data().text()).doesNotContain("\n");
  }

  @Property
  void joinedMessagesAreReadOneByOne(@ForAll @Size(min = 1, max = 128) List<@From("ids") Long> ids)
      throws Exception {
    var frame = new ArrayList<Encoded>();
    var expected = new ArrayList<Command>();
    for (long id : ids) {
      frame.add(protocol.encode(id, Reply.Empty.PONG));
      expected.add(new Command.Ping(id));
    }
    var commands = new ArrayList<Command>();
    ByteBuf joined = new FrameWriter(Compression.OFF).frames(protocol, frame, 0);
    protocol.decode(ServerFrames.text(joined).getBytes(UTF_8), true, commands::add);
    joined.release();
    assertThat(commands).isEqualTo(expected);
  }

  @Provide
  Arbitrary<Long> ids() {
    return Arbitraries.longs().between(1, ClientMessage.MAX_ID);
  }

  @Provide
  Arbitrary<String> channels() {
    return Arbitraries.strings().ofMinLength(1).filter(Utf8::encodable);
  }

  @Provide
  Arbitrary<String> frames() {
    return Arbitraries.of(
            "{\"id\":1,\"connect\":{\"token\":\"t\",\"data\":{\"a\":\"\\u00e9\"},\"name\":\"js\"}}",
            "{\"id\":2,\"subscribe\":{\"channel\":\"a:b\",\"recover\":true,\"offset\":7,\"epoch\":\"e\"}}",
            "{\"id\":3,\"publish\":{\"channel\":\"ž\",\"data\":[1.50,\"x\\\"y\",{\"a\":null}]}}",
            "{\"id\":4,\"history\":{\"channel\":\"c\",\"limit\":10,\"since\":{\"offset\":1,\"epoch\":\"e\"}}}",
            "{\"send\":{\"data\":\"\\ud83c\\udf0a\"}}",
            "{}")
        .list()
        .ofMinSize(1)
        .ofMaxSize(3)
        .map(messages -> String.join("\n", messages));
  }

  /** Decodes; whatever is handed out must hold valid data, and nothing else may be thrown. */
  private void decodeAndCheck(byte[] frame) {
    var commands = new ArrayList<Command>();
    try {
      protocol.decode(frame, true, commands::add);
      assertThat(commands).isNotEmpty();
    } catch (MalformedFrameException malformed) {
      assertThat(malformed).hasMessageContaining("(expected: ");
    }
    for (Command command : commands) {
      Payload data = dataOf(command);
      if (data != null) {
        assertOneJsonLine(data.bytes());
      }
    }
  }

  private static @Nullable Payload dataOf(Command command) {
    if (command instanceof Command.Publish publish) {
      return publish.data();
    }
    if (command instanceof Command.Send send) {
      return send.data();
    }
    return command instanceof Command.Connect connect ? connect.data() : null;
  }

  private static void assertOneJsonLine(byte[] data) {
    var framed = new ByteArrayOutputStream();
    framed.writeBytes("[".getBytes(UTF_8));
    framed.writeBytes(data);
    framed.writeBytes("]".getBytes(UTF_8));
    try {
      JsonNode read = MAPPER.readTree(framed.toByteArray());
      assertThat(read.size()).isEqualTo(1);
      assertThat(new String(data, UTF_8)).doesNotContain("\n", "\r");
    } catch (IOException e) {
      throw new AssertionError("handed out data that are not JSON", e);
    }
  }
}
