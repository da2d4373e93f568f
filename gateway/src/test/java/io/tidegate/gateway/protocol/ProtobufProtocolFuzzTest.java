package io.tidegate.gateway.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import com.sun.management.ThreadMXBean;
import io.tidegate.gateway.protocol.generated.ClientProto;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Any bytes as a frame of the Protobuf protocol, and any JSON in both forms of the protocol. */
final class ProtobufProtocolFuzzTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Heap that decoding may take: far below the lengths that a frame can announce. */
  private static final int BYTES_PER_BYTE = 64;

  /** Of the fuzzer's own hooks; what the decoder takes is in {@link ProtobufBoundsTest}. */
  private static final int BYTES_AT_LEAST = 16 << 20;

  private final JsonProtocol json = new JsonProtocol();
  private final ProtobufProtocol protobuf = new ProtobufProtocol();

  @FuzzTest
  void aFrameIsMalformedOrReadAsTheGeneratedClassesReadIt(byte[] frame) throws IOException {
    var commands = new ArrayList<Command>();
    boolean malformed = false;
    try {
      protobuf.decode(frame, false, commands::add);
    } catch (MalformedFrameException e) {
      malformed = true;
    }
    // Again, since the first time may have loaded classes.
    long before = THREADS.getCurrentThreadAllocatedBytes();
    int again = heard(protobuf, frame, false).size();
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (again != commands.size()
        || allocated > BYTES_AT_LEAST + (long) BYTES_PER_BYTE * frame.length) {
      throw new AssertionError(allocated + " bytes allocated for " + frame.length);
    }
    if (!malformed) {
      same(messages(frame), commands);
    }
  }

  @FuzzTest
  void bothFormsAreHeardTheSame(byte[] frame) throws Exception {
    var inJson = new StringBuilder();
    var inProtobuf = new ArrayList<Message>();
    try (MappingIterator<JsonNode> read = MAPPER.readerFor(JsonNode.class).readValues(frame)) {
      while (read.hasNext()) {
        JsonNode message = read.next();
        inJson.append(message).append('\n');
        inProtobuf.add(JsonAsProtobuf.message(message, ClientProto.Command.newBuilder()));
      }
    } catch (IOException | RuntimeException | JsonAsProtobuf.NoPlaceException e) {
      return;
    }
    List<Command> expected = heard(json, inJson.toString().getBytes(UTF_8), true);
    List<Command> found = heard(protobuf, ProtobufFrames.of(inProtobuf), false);
    if (!expected.equals(found)) {
      throw new AssertionError("in JSON: " + expected + "\nin Protobuf: " + found);
    }
  }

  private static List<Command> heard(ClientProtocol protocol, byte[] frame, boolean text) {
    var commands = new ArrayList<Command>();
    try {
      protocol.decode(frame, text, commands::add);
    } catch (MalformedFrameException e) {
      // Those before it count.
    }
    return commands;
  }

  private static List<ClientProto.Command> messages(byte[] frame) throws IOException {
    try {
      return ProtobufFrames.commands(frame);
    } catch (IOException e) {
      // What we skip they read: within a filter by tags, or in a subscription to recover.
      return List.of();
    }
  }

  private static void same(List<ClientProto.Command> messages, List<Command> commands) {
    for (int i = 0; i < messages.size(); i++) {
      Command command = commands.get(i);
      if (command instanceof Command.Invalid || command instanceof Command.Pong) {
        continue;
      }
      Command expected = ProtobufFrames.command(messages.get(i));
      if (!command.equals(expected)) {
        throw new AssertionError("expected: " + expected + "\nfound: " + command);
      }
    }
  }
}
