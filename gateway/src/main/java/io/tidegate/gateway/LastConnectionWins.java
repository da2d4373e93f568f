package io.tidegate.gateway;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.session.OtherConnections;
import io.tidegate.gateway.session.SessionDirectory;
import io.tidegate.gateway.session.UserConnection;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Has every node close a user's older connections, and does so when another node asks. Thread-safe.
 */
public final class LastConnectionWins implements OtherConnections {
  private static final String COMMAND = "close_older";

  private final Cluster cluster;
  private final SessionDirectory sessions;

  /** Makes this node's part, for its own sessions. */
  public LastConnectionWins(Cluster cluster, SessionDirectory sessions) {
    this.cluster = requireNonNull(cluster, "cluster");
    this.sessions = requireNonNull(sessions, "sessions");
  }

  @Override
  public Future<Void> closeOlder(UserConnection newer) {
    var body =
        new JsonObject()
            .put("user", newer.user())
            .put("moment", newer.moment())
            .put("client", newer.client());
    return cluster
        .ask(new NodeCommand(COMMAND, Payload.utf8(body.encode())))
        .compose(LastConnectionWins::whole);
  }

  private static Future<Void> whole(List<NodeAnswer> answers) {
    return answers.stream()
        .filter(answer -> answer.failure() != null)
        .findFirst()
        .map(
            answer ->
                Future.<Void>failedFuture("node " + answer.nodeId() + ": " + answer.failure()))
        .orElseGet(Future::succeededFuture);
  }

  /** Answers what other nodes' parts ask, and leaves all else to {@code others}. */
  public CommandHandler before(CommandHandler others) {
    return command ->
        command.name().equals(COMMAND) ? answer(command.body()) : others.handle(command);
  }

  private Future<Payload> answer(Payload body) {
    return Future.succeededFuture(body)
        .map(bytes -> new JsonObject(Buffer.buffer(bytes.bytes())))
        .map(
            json ->
                new UserConnection(
                    json.getString("user"), json.getLong("moment"), json.getString("client")))
        .compose(sessions::closeOlder)
        .map(closed -> Payload.EMPTY);
  }
}
