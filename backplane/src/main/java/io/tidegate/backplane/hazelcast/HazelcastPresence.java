package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PresenceStats;
import io.tidegate.backplane.PresenceStore;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who is where, as seen from one node. Thread-safe. */
final class HazelcastPresence implements PresenceStore {
  private final HazelcastNode node;

  HazelcastPresence(HazelcastNode node) {
    this.node = node;
  }

  @Override
  public Future<Void> add(String channel, ClientInfo member, boolean announce) {
    return node.ask(
        channel,
        Asked.Kind.ADD,
        new Command.Add(member, announce),
        null,
        bytes(member),
        HazelcastPresence::nothing);
  }

  @Override
  public Future<Void> remove(String channel, String client) {
    return node.ask(
        channel,
        Asked.Kind.REMOVE,
        new Command.Remove(client),
        null,
        0,
        HazelcastPresence::nothing);
  }

  @Override
  public Future<Map<String, ClientInfo>> members(String channel) {
    return node.run(
        channel,
        new ReadMembers(false),
        Reason.UNAVAILABLE,
        found ->
            found.members().stream()
                .collect(Collectors.toUnmodifiableMap(ClientInfo::client, Function.identity())));
  }

  @Override
  public Future<PresenceStats> stats(String channel) {
    return node.run(channel, new ReadMembers(true), Reason.UNAVAILABLE, ReadMembers.Found::stats);
  }

  @SuppressWarnings({"NullAway", "unused"}) // A Void has no other value.
  static Void nothing(Answer answer, Outcome outcome) {
    if (outcome instanceof Outcome.Full) {
      throw new BackplaneException(Reason.LIMIT, "the channel has as many members as it may");
    }
    return null;
  }

  private static int bytes(ClientInfo member) {
    int infos =
        (member.connInfo() == null ? 0 : member.connInfo().length())
            + (member.chanInfo() == null ? 0 : member.chanInfo().length());
    return infos + 128;
  }
}
