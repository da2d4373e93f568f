package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.jspecify.annotations.Nullable;

/** Arbitrary replies and pushes, with data that are JSON. */
final class ProtocolValues {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ProtocolValues() {}

  static Arbitrary<String> names() {
    return Arbitraries.strings().ofMaxLength(20).filter(Utf8::encodable);
  }

  static Arbitrary<Payload> data() {
    Arbitrary<String> texts = names().map(text -> NODES.textNode(text).toString());
    Arbitrary<String> others = Arbitraries.of("1", "-7", "true", "[]", "{\"a\":[null,{}]}");
    return Arbitraries.oneOf(texts, others).map(Payload::utf8);
  }

  static Arbitrary<Reply> replies() {
    Arbitrary<Long> ttl = Arbitraries.longs().between(1, 0xffff_ffffL);
    return Arbitraries.oneOf(
        Combinators.combine(
                names(),
                ttl.injectNull(0.3),
                data().injectNull(0.3),
                Arbitraries.integers().between(0, 100),
                Arbitraries.of(true, false),
                Arbitraries.maps(names(), subscribed()).ofMaxSize(3))
            .as(
                (name, seconds, data, ping, pong, subs) ->
                    new Reply.Connected(name, "1", seconds, data, ping, pong, name, "n", subs)),
        subscribed().map(reply -> reply),
        Combinators.combine(names(), ttl.injectNull(0.3))
            .as((name, seconds) -> new Reply.Refreshed(name, name, seconds)),
        ttl.injectNull(0.3).map(Reply.SubRefreshed::new),
        Combinators.combine(publications().list().ofMaxSize(20), positions())
            .as(Reply.History::new),
        Arbitraries.maps(names(), infos()).ofMaxSize(20).map(Reply.Presence::new),
        Combinators.combine(
                Arbitraries.integers().greaterOrEqual(0), Arbitraries.integers().greaterOrEqual(0))
            .as(Reply.PresenceStats::new),
        Arbitraries.of(Reply.Empty.class),
        data().map(Reply.Rpc::new),
        Combinators.combine(Arbitraries.integers().greaterOrEqual(400), names())
            .as(Reply.ServiceFailed::new),
        Combinators.combine(Arbitraries.of(ErrorCode.class), names()).as(Reply.Failed::new));
  }

  static Arbitrary<Push> pushes() {
    return Arbitraries.oneOf(
        Combinators.combine(names(), publications(), Arbitraries.of(true, false))
            .as((name, pub, positioned) -> new Push.Published(name, pub, positioned, true)),
        Combinators.combine(names(), infos()).as(Push.Join::new),
        Combinators.combine(names(), infos()).as(Push.Leave::new),
        Combinators.combine(
                names(),
                Arbitraries.of(true, false),
                Arbitraries.of(true, false),
                positions().injectNull(0.3),
                data().injectNull(0.3))
            .as(Push.Subscribed::new),
        data().map(Push.Message::new),
        Combinators.combine(names(), Arbitraries.of(UnsubscribeCode.class))
            .as(Push.Unsubscribed::new));
  }

  /** Messages of clients in JSON: commands, right or not quite, whose fields have their types. */
  static Arbitrary<ObjectNode> commands() {
    Arbitrary<Long> ids = Arbitraries.longs().between(1, ClientMessage.MAX_ID);
    Arbitrary<ObjectNode> ones =
        Arbitraries.of(
                "connect",
                "subscribe",
                "unsubscribe",
                "publish",
                "presence",
                "presence_stats",
                "history",
                "rpc",
                "send",
                "refresh",
                "sub_refresh",
                "ping",
                "dance")
            .flatMap(
                name -> fields().map(fields -> (ObjectNode) NODES.objectNode().set(name, fields)));
    return Combinators.combine(ids, ones, ones.injectNull(0.9))
        .as(
            (id, one, other) -> {
              ObjectNode message = one.deepCopy().put("id", id);
              return other == null ? message : message.setAll(other);
            });
  }

  private static Arbitrary<ObjectNode> fields() {
    return Combinators.combine(
            position().injectNull(0.1),
            position().injectNull(0.5),
            Arbitraries.maps(names(), position()).ofMaxSize(3).injectNull(0.5),
            names().injectNull(0.1),
            data().injectNull(0.1),
            Arbitraries.integers().between(-3, 100),
            Arbitraries.longs().between(-1, 4).injectNull(0.5),
            Arbitraries.of(true, false))
        .as(ProtocolValues::fields);
  }

  private static ObjectNode fields(
      @Nullable ObjectNode position,
      @Nullable ObjectNode since,
      @Nullable Map<String, ObjectNode> subs,
      @Nullable String name,
      @Nullable Payload data,
      int limit,
      @Nullable Long flag,
      boolean wish) {
    ObjectNode fields = position == null ? NODES.objectNode() : position.deepCopy();
    fields.put("limit", limit).put("reverse", wish);
    fields.put("positioned", wish).put("recoverable", !wish).put("join_leave", wish);
    if (since != null) {
      fields.set("since", since);
    }
    if (subs != null) {
      fields.putObject("subs").setAll(subs);
    }
    if (name != null) {
      fields.put("channel", name).put("token", name).put("method", name).put("name", name);
    }
    if (data != null) {
      fields.putRawValue("data", new RawValue(data.text()));
    }
    if (flag != null) {
      fields.put("flag", flag).put("type", flag > 3 ? 1 : 0);
    }
    return fields;
  }

  private static Arbitrary<ObjectNode> position() {
    return Combinators.combine(
            names(), Arbitraries.longs().greaterOrEqual(0), Arbitraries.of(true, false))
        .as(
            (epoch, offset, recover) ->
                NODES
                    .objectNode()
                    .put("epoch", epoch)
                    .put("offset", offset)
                    .put("recover", recover));
  }

  private static Arbitrary<Reply.Subscribed> subscribed() {
    Arbitrary<Boolean> flags = Arbitraries.of(true, false);
    return Combinators.combine(
            flags,
            flags,
            positions().injectNull(0.3),
            flags,
            flags,
            publications().list().ofMaxSize(3),
            Arbitraries.longs().between(1, 0xffff_ffffL).injectNull(0.3),
            data().injectNull(0.3))
        .as(Reply.Subscribed::new);
  }

  private static Arbitrary<StreamPosition> positions() {
    return Combinators.combine(names(), Arbitraries.longs().greaterOrEqual(0))
        .as(StreamPosition::new);
  }

  private static Arbitrary<Publication> publications() {
    return Combinators.combine(
            Arbitraries.longs().greaterOrEqual(1),
            data(),
            infos().injectNull(0.5),
            Arbitraries.maps(names(), names()).ofMaxSize(3),
            Arbitraries.longs().between(0, 1L << 50))
        .as(Publication::new);
  }

  private static Arbitrary<ClientInfo> infos() {
    return Combinators.combine(
            names().filter(name -> !name.isEmpty()),
            names(),
            data().injectNull(0.5),
            data().injectNull(0.5))
        .as(ClientInfo::new);
  }
}
