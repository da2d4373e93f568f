package io.tidegate.backplane.client;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.Cluster;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of the server API, asked of one gateway after the other until one has the answer, or
 * until time is up. A gateway that gives none may have done it all the same, and goes on with it;
 * so what is asked here has to bear that. Confined to one context.
 */
final class Question<T> {
  private static final Logger log = LoggerFactory.getLogger(Question.class);
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final int DOUBLINGS_AT_MOST = 4;
  private static final int INTERNAL = 100;
  private static final int TOO_MANY_REQUESTS = 111;

  private final Vertx vertx;
  private final Context context;
  private final Cluster cluster;
  private final RandomGenerator random;
  private final NodeCommand command;
  private final boolean changes;
  private final Function<JsonObject, T> result;
  private final Promise<T> promise = Promise.promise();
  private BackplaneException failure;
  private boolean underWay;
  private boolean undecided;
  private String lastNode = "";
  private int attempts;

  /**
   * Makes a question that is not asked yet.
   *
   * @param result reads the result; may throw what it likes when that is none
   * @param changes whether it matters that an unanswered attempt may have been done
   */
  Question(
      Vertx vertx,
      Context context,
      Cluster cluster,
      RandomGenerator random,
      NodeCommand command,
      Function<JsonObject, T> result,
      boolean changes) {
    this.vertx = vertx;
    this.context = context;
    this.cluster = cluster;
    this.random = random;
    this.command = command;
    this.result = result;
    this.changes = changes;
    this.failure = new BackplaneException(Reason.UNAVAILABLE, "no gateway answers");
  }

  /** The result; completes within {@code deadline}. */
  Future<T> ask(Duration deadline) {
    long timer = vertx.setTimer(deadline.toMillis(), late -> giveUp());
    attempt();
    return promise
        .future()
        .onComplete(
            done -> {
              // False when it has fired, which is as good.
              boolean unused = vertx.cancelTimer(timer);
            });
  }

  /** Ends the question now, as when its time is up. */
  void giveUp() {
    promise.tryFail(
        changes && (undecided || underWay)
            ? new BackplaneException(Reason.INDETERMINATE, "no gateway has said that it is done")
            : failure);
  }

  private void attempt() {
    if (!promise.future().isComplete()) {
      cluster
          .nodes()
          .compose(this::askOneOf)
          .onComplete(
              answer ->
                  context.runOnContext(
                      v -> {
                        if (answer.failed()) {
                          retry(answer.cause());
                        } else {
                          answered(answer.result());
                        }
                      }));
    }
  }

  private Future<NodeAnswer> askOneOf(List<NodeInfo> nodes) {
    List<NodeInfo> others = nodes.stream().filter(node -> !node.id().equals(lastNode)).toList();
    List<NodeInfo> choice = others.isEmpty() ? nodes : others;
    if (choice.isEmpty()) {
      return Future.failedFuture(
          new BackplaneException(Reason.UNAVAILABLE, "there is no gateway in the cluster"));
    }
    lastNode = choice.get(random.nextInt(choice.size())).id();
    underWay = true;
    return cluster.ask(lastNode, command);
  }

  private void answered(NodeAnswer answer) {
    underWay = false;
    if (answer.body() == null) {
      log.debug("gateway did not answer node={}: {}", answer.nodeId(), answer.failure());
      undecided = true;
      retry(new BackplaneException(Reason.UNAVAILABLE, "no gateway answers"));
      return;
    }
    try {
      var body = new JsonObject(answer.body().text());
      JsonObject error = body.getJsonObject("error");
      if (error == null) {
        promise.tryComplete(result.apply(body.getJsonObject("result")));
      } else {
        refused(error.getInteger("code"), error.getString("message"));
      }
    } catch (RuntimeException e) {
      undecided = true;
      retry(new BackplaneException(Reason.UNAVAILABLE, "a gateway's answer is not understood", e));
    }
  }

  private void refused(int code, String message) {
    if (code == INTERNAL) {
      undecided = true;
      retry(new BackplaneException(Reason.UNAVAILABLE, message));
    } else if (code == TOO_MANY_REQUESTS) {
      retry(new BackplaneException(Reason.OVERLOADED, message));
    } else {
      promise.tryFail(new ClientException(code, message));
    }
  }

  private void retry(Throwable cause) {
    underWay = false;
    failure =
        cause instanceof BackplaneException known
            ? known
            : new BackplaneException(Reason.UNAVAILABLE, "the gateways were not asked", cause);
    if (failure.reason() == Reason.CLOSED) {
      giveUp();
      return;
    }
    long pause = FIRST_PAUSE_MILLIS << Math.min(attempts++, DOUBLINGS_AT_MOST);
    long timer = vertx.setTimer(pause, rested -> attempt());
    log.trace("asking again timer={}", timer);
  }
}
