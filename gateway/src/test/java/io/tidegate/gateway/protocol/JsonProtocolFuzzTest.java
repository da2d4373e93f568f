package io.tidegate.gateway.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Any bytes as a frame of the JSON protocol, and as data of a publication. */
final class JsonProtocolFuzzTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final JsonProtocol protocol = new JsonProtocol();

  @FuzzTest
  void aFrameIsMalformedOrReadAsAnotherParserReadsIt(byte[] frame) throws IOException {
    var commands = new ArrayList<Command>();
    boolean malformed = false;
    try {
      protocol.decode(frame, true, commands::add);
    } catch (MalformedFrameException e) {
      malformed = true;
    }
    for (Command command : commands) {
      holdsJson(dataOf(command));
    }
    if (!malformed) {
      List<JsonNode> messages = messages(frame);
      same(messages.size(), commands.size());
      for (int i = 0; i < messages.size(); i++) {
        same(messages.get(i), commands.get(i));
      }
    }
  }

  @FuzzTest
  void dataAreRefusedOrStayTheValueThatTheyWere(byte[] data) throws IOException {
    Payload normal;
    try {
      normal = JsonData.normalize(data, 0, data.length);
    } catch (NotJsonException e) {
      return;
    }
    holdsJson(normal);
    same(MAPPER.readTree(data), MAPPER.readTree(normal.bytes()));
  }

  private static void same(JsonNode message, Command command) throws IOException {
    String name = command.name();
    JsonNode fields = message.path(name);
    Payload data = dataOf(command);
    if (command.id() != 0) {
      same(message.get("id").longValue(), command.id());
    }
    if (data != null && !(command instanceof Command.Invalid)) {
      JsonNode expected = fields.has("data") ? fields.get("data") : MAPPER.nullNode();
      same(expected, MAPPER.readTree(data.bytes()));
    }
    if (command instanceof Command.Publish publish) {
      same(fields.get("channel").textValue(), publish.channel());
    } else if (command instanceof Command.Subscribe subscribe) {
      same(fields.get("channel").textValue(), subscribe.channel());
      same(fields.path("recover").asBoolean(), subscribe.recover() != null);
    }
  }

  private static @Nullable Payload dataOf(Command command) {
    if (command instanceof Command.Publish publish) {
      return publish.data();
    } else if (command instanceof Command.Send send) {
      return send.data();
    } else if (command instanceof Command.Rpc rpc) {
      return rpc.data();
    } else if (command instanceof Command.Subscribe subscribe) {
      return subscribe.data();
    }
    return command instanceof Command.Connect connect ? connect.data() : null;
  }

  /** That the data can stand in a line of any frame. */
  private static void holdsJson(@Nullable Payload data) throws IOException {
    if (data == null) {
      return;
    }
    if (data.text().indexOf('\n') >= 0 || data.text().indexOf('\r') >= 0) {
      throw new AssertionError("a line break in " + data.text());
    }
    try (JsonParser parser = MAPPER.createParser("[" + data.text() + "]")) {
      JsonNode read = MAPPER.readTree(parser);
      same(1, read.size());
      if (parser.nextToken() != null) {
        throw new AssertionError("more than one value: " + data.text());
      }
    }
  }

  private static List<JsonNode> messages(byte[] frame) throws IOException {
    try (MappingIterator<JsonNode> read = MAPPER.readerFor(JsonNode.class).readValues(frame)) {
      return read.readAll();
    }
  }

  private static void same(Object expected, Object found) {
    if (!expected.equals(found)) {
      throw new AssertionError("expected: " + expected + "\nfound: " + found);
    }
  }
}
