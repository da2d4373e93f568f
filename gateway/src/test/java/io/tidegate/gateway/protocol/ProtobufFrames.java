package io.tidegate.gateway.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.protocol.generated.ClientProto;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Frames as the classes write and read them that protoc makes of {@code client.proto}. */
final class ProtobufFrames {
  private ProtobufFrames() {}

  static byte[] of(Message... messages) {
    return of(List.of(messages));
  }

  static byte[] of(List<? extends Message> messages) {
    var frame = new ByteArrayOutputStream();
    try {
      for (Message message : messages) {
        message.writeDelimitedTo(frame);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return frame.toByteArray();
  }

  static List<ClientProto.Command> commands(byte[] frame) throws IOException {
    var in = new ByteArrayInputStream(frame);
    var messages = new ArrayList<ClientProto.Command>();
    while (in.available() > 0) {
      messages.add(ClientProto.Command.parseDelimitedFrom(in));
    }
    return messages;
  }

  static List<ClientProto.Reply> replies(byte[] frame) throws IOException {
    var in = new ByteArrayInputStream(frame);
    var messages = new ArrayList<ClientProto.Reply>();
    while (in.available() > 0) {
      messages.add(ClientProto.Reply.parseDelimitedFrom(in));
    }
    return messages;
  }

  static ClientProto.Reply reply(Encoded encoded) {
    try {
      List<ClientProto.Reply> replies = replies(encoded.bytes());
      if (replies.size() != 1) {
        throw new AssertionError(replies.size() + " messages");
      }
      return replies.get(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command that a message with exactly one is; absent for what is none. */
  static @Nullable Command command(ClientProto.Command message) {
    long id = Integer.toUnsignedLong(message.getId());
    return switch (message.getAllFields().keySet().stream()
        .map(field -> field.getName())
        .filter(name -> !name.equals("id"))
        .reduce("", String::concat)) {
      case "connect" -> connect(id, message.getConnect());
      case "subscribe" -> subscribe(id, message.getSubscribe());
      case "unsubscribe" -> new Command.Unsubscribe(id, message.getUnsubscribe().getChannel());
      case "publish" ->
          new Command.Publish(
              id, message.getPublish().getChannel(), data(message.getPublish().getData()));
      case "presence" -> new Command.Presence(id, message.getPresence().getChannel());
      case "presence_stats" ->
          new Command.PresenceStats(id, message.getPresenceStats().getChannel());
      case "history" -> history(id, message.getHistory());
      case "ping" -> new Command.Ping(id);
      case "send" -> new Command.Send(orNull(message.getSend().getData()));
      case "rpc" ->
          new Command.Rpc(id, message.getRpc().getMethod(), orNull(message.getRpc().getData()));
      case "refresh" -> new Command.Refresh(id, message.getRefresh().getToken());
      case "sub_refresh" ->
          new Command.SubRefresh(
              id, message.getSubRefresh().getChannel(), message.getSubRefresh().getToken());
      default -> null;
    };
  }

  private static Command connect(long id, ClientProto.ConnectRequest connect) {
    var recover = new HashMap<String, StreamPosition>();
    connect
        .getSubsMap()
        .forEach(
            (channel, sub) -> {
              if (sub.getRecover()) {
                recover.put(channel, new StreamPosition(sub.getEpoch(), sub.getOffset()));
              }
            });
    return new Command.Connect(
        id,
        given(connect.getToken()),
        givenData(connect.getData()),
        connect.getName(),
        connect.getVersion(),
        recover);
  }

  private static Command subscribe(long id, ClientProto.SubscribeRequest subscribe) {
    return new Command.Subscribe(
        id,
        subscribe.getChannel(),
        given(subscribe.getToken()),
        givenData(subscribe.getData()),
        subscribe.getPositioned(),
        subscribe.getRecoverable(),
        subscribe.getJoinLeave(),
        subscribe.getRecover()
            ? new StreamPosition(subscribe.getEpoch(), subscribe.getOffset())
            : null,
        (subscribe.getFlag() & 2) != 0);
  }

  private static Command history(long id, ClientProto.HistoryRequest history) {
    return new Command.History(
        id,
        history.getChannel(),
        history.getLimit(),
        history.hasSince()
            ? new StreamPosition(history.getSince().getEpoch(), history.getSince().getOffset())
            : null,
        history.getReverse());
  }

  private static @Nullable String given(String text) {
    return text.isEmpty() ? null : text;
  }

  private static @Nullable Payload givenData(ByteString bytes) {
    return bytes.isEmpty() || bytes.toStringUtf8().equals("null") ? null : data(bytes);
  }

  private static Payload orNull(ByteString bytes) {
    return bytes.isEmpty() ? Payload.utf8("null") : data(bytes);
  }

  private static Payload data(ByteString bytes) {
    return Payload.of(bytes.toByteArray());
  }
}
