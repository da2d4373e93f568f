package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.inbox.NodeInbox;
import io.tidegate.backplane.redis.Call.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other nodes, and answers them: questions and answers are published under the names of nodes,
 * each a line of JSON and a body. A node that hears nothing under its name is known at once to be
 * away. Confined to the node's context.
 */
final class Asking {
  private static final Logger log = LoggerFactory.getLogger(Asking.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final Context context;
  private final Keys keys;
  private final CommandLink commands;
  private final String nodeId;
  private final CommandHandler handler;
  private final NodeInbox inbox;
  private final Map<Long, Promise<NodeAnswer>> asked = new HashMap<>();
  private long lastNumber;

  Asking(
      Vertx vertx,
      Context context,
      Keys keys,
      CommandLink commands,
      String nodeId,
      CommandHandler handler,
      NodeInbox inbox) {
    this.vertx = vertx;
    this.context = context;
    this.keys = keys;
    this.commands = commands;
    this.nodeId = nodeId;
    this.handler = handler;
    this.inbox = inbox;
  }

  Future<List<NodeInfo>> nodes() {
    return commands
        .send(Request.cmd(Command.HVALS).arg(keys.leases()), Kind.READ)
        .map(
            leases -> {
              List<NodeInfo> nodes = new ArrayList<>();
              leases.forEach(lease -> nodes.add(LeaseKeeper.NodeWire.decode(lease.toString())));
              return nodes;
            });
  }

  Future<List<NodeAnswer>> askAll(NodeCommand command) {
    return nodes()
        .compose(
            nodes -> {
              List<Future<NodeAnswer>> answers = new ArrayList<>();
              nodes.forEach(node -> answers.add(ask(node.id(), command)));
              return Future.all(answers).map(all -> all.<NodeAnswer>list());
            });
  }

  /** Always completes, in bounded time. */
  Future<NodeAnswer> ask(String id, NodeCommand command) {
    long number = ++lastNumber;
    Promise<NodeAnswer> promise = Promise.promise();
    asked.put(number, promise);
    long timer =
        vertx.setTimer(
            PATIENCE.toMillis(), late -> settle(number, failed(id, "no answer in time")));
    promise.future().onComplete(done -> vertx.cancelTimer(timer));
    if (id.equals(nodeId)) {
      handle(command)
          .onComplete(answer -> context.runOnContext(v -> settle(number, answer.result())));
      return promise.future();
    }
    var head =
        new JsonObject().put("ask", number).put("from", nodeId).put("command", command.name());
    publish(id, head, command.body())
        .onSuccess(
            receivers -> {
              if (receivers == 0) {
                settle(number, failed(id, "the node is not there"));
              }
            })
        .onFailure(failure -> settle(number, failed(id, String.valueOf(failure.getMessage()))));
    return promise.future();
  }

  /** Brings the answer of a service to the node that waits for it. */
  Future<Void> reply(String id, String messageId, ServiceAnswer answer) {
    var head = new JsonObject().put("reply", messageId);
    if (answer.isError()) {
      head.put("code", answer.code()).put("text", answer.text());
    }
    return publish(id, head, answer.data()).mapEmpty();
  }

  /** Takes what was published under this node's name. */
  void receive(byte[] message) {
    JsonObject head;
    Payload body;
    try {
      int end = Lines.end(message, 0);
      head = new JsonObject(new String(message, 0, end, UTF_8));
      body = Payload.of(Arrays.copyOfRange(message, end + 1, message.length));
      if (head.containsKey("reply")) {
        inbox.answered(
            head.getString("reply"),
            new ServiceAnswer(body, head.getInteger("code", 0), head.getString("text", "")));
      } else if (head.containsKey("ask")) {
        question(head, body);
      } else {
        answer(head, body);
      }
    } catch (RuntimeException e) {
      log.warn("message to this node is none of ours bytes={}", message.length);
    }
  }

  void close() {
    List.copyOf(asked.keySet()).forEach(number -> settle(number, failed(nodeId, "closing")));
  }

  private void question(JsonObject head, Payload body) {
    String from = head.getString("from");
    long number = head.getLong("ask");
    handle(new NodeCommand(head.getString("command"), body))
        .compose(
            answer -> {
              var reply = new JsonObject().put("answer", number).put("node", nodeId);
              if (answer.failure() != null) {
                reply.put("failure", answer.failure());
              }
              return publish(from, reply, answer.body() == null ? Payload.EMPTY : answer.body());
            })
        .onFailure(failure -> log.debug("answer not sent node={}", from, failure));
  }

  private void answer(JsonObject head, Payload body) {
    String failure = head.getString("failure");
    var answer = new NodeAnswer(head.getString("node"), failure == null ? body : null, failure);
    settle(head.getLong("answer"), answer);
  }

  private void settle(long number, NodeAnswer answer) {
    Promise<NodeAnswer> promise = asked.remove(number);
    if (promise != null) {
      promise.complete(answer);
    }
  }

  /** Always succeeds, but may take for ever. */
  private Future<NodeAnswer> handle(NodeCommand command) {
    Future<Payload> body;
    try {
      body = handler.handle(command);
    } catch (RuntimeException e) {
      body = Future.failedFuture(e);
    }
    return body.map(answer -> new NodeAnswer(nodeId, answer, null))
        .otherwise(failure -> failed(nodeId, String.valueOf(failure.getMessage())));
  }

  private Future<Integer> publish(String to, JsonObject head, Payload body) {
    return commands
        .send(Request.cmd(Command.PUBLISH).arg(keys.node(to)).arg(Lines.of(head, body)), Kind.ONCE)
        .map(receivers -> receivers.toInteger());
  }

  private static NodeAnswer failed(String id, String why) {
    return new NodeAnswer(id, null, why);
  }
}
