package io.tidegate.backplane.hazelcast;

import com.hazelcast.cluster.Member;
import io.tidegate.backplane.CommandHandler;
import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.NodeInfo;
import io.tidegate.backplane.Payload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Commands to other nodes and their answers. Confined to the node's thread, but for {@link
 * #leaving}.
 */
final class Asking {
  private static final long DEADLINE_NANOS = 2_000_000_000L;

  private final Grid grid;
  private final NodeInfo node;
  private final CommandHandler handler;
  private final LongSupplier nanoTime;
  private final Executor thread;
  private final Map<Long, Round> rounds = new HashMap<>();
  private final Set<UUID> leaving = ConcurrentHashMap.newKeySet();
  private long numbers;

  /** A command and the nodes that have not answered it yet. */
  private static final class Round {
    final Map<UUID, String> waiting = new LinkedHashMap<>();
    final List<NodeAnswer> answers = new ArrayList<>();
    final Promise<List<NodeAnswer>> promise;
    final Runnable settled;
    final long deadline;

    Round(Promise<List<NodeAnswer>> promise, Runnable settled, long deadline) {
      this.promise = promise;
      this.settled = settled;
      this.deadline = deadline;
    }
  }

  Asking(Grid grid, NodeInfo node, CommandHandler handler, LongSupplier nanoTime, Executor thread) {
    this.grid = grid;
    this.node = node;
    this.handler = handler;
    this.nanoTime = nanoTime;
    this.thread = thread;
  }

  /** Members that said goodbye and may still be listed. Any thread. */
  Set<UUID> leaving() {
    return leaving;
  }

  /** Asks those whose id is {@code meant}. */
  void ask(
      UUID self,
      Predicate<String> meant,
      NodeCommand command,
      Promise<List<NodeAnswer>> promise,
      Runnable settled) {
    long number = ++numbers;
    var round = new Round(promise, settled, nanoTime.getAsLong() + DEADLINE_NANOS);
    for (UUID member : grid.members()) {
      Member listed = grid.member(member);
      NodeInfo info = listed == null ? null : Grid.nodeOf(listed);
      if (info != null && meant.test(info.id()) && !leaving.contains(member)) {
        round.waiting.put(member, info.id());
      }
    }
    if (round.waiting.isEmpty()) {
      settled.run();
      promise.complete(List.of());
      return;
    }
    rounds.put(number, round);
    for (UUID member : List.copyOf(round.waiting.keySet())) {
      if (member.equals(self)) {
        answer(command, answer -> take(number, self, answer));
      } else {
        var question = new Question(Question.Kind.COMMAND, self, number, command);
        grid.send(
            member,
            question,
            isTaken -> {
              if (!isTaken) {
                fail(number, member, "the node did not take the command");
              }
            });
      }
    }
  }

  /** Another node's question. */
  void receive(Question question, UUID self) {
    if (question.kind() == Question.Kind.GOODBYE) {
      leaving.add(question.sender());
    } else if (question.kind() == Question.Kind.COMMAND) {
      answer(
          question.command(),
          answer ->
              grid.send(
                  question.sender(),
                  new Reply(self, question.number(), answer),
                  isTaken -> {
                    // An answer that got lost shows at the asker, whose deadline passes.
                  }));
    }
  }

  void receive(Reply reply) {
    take(reply.number(), reply.sender(), reply.answer());
  }

  void memberGone(UUID member) {
    leaving.remove(member);
    for (long number : List.copyOf(rounds.keySet())) {
      fail(number, member, "the node is gone");
    }
  }

  void tick() {
    if (rounds.isEmpty()) {
      return;
    }
    long now = nanoTime.getAsLong();
    for (Map.Entry<Long, Round> entry : List.copyOf(rounds.entrySet())) {
      if (now - entry.getValue().deadline >= 0) {
        for (UUID member : List.copyOf(entry.getValue().waiting.keySet())) {
          fail(entry.getKey(), member, "no answer in time");
        }
      }
    }
  }

  void close() {
    for (Map.Entry<Long, Round> entry : List.copyOf(rounds.entrySet())) {
      for (UUID member : List.copyOf(entry.getValue().waiting.keySet())) {
        fail(entry.getKey(), member, "the asking node is closing");
      }
    }
  }

  private interface Answered {
    void take(NodeAnswer answer);
  }

  private void answer(NodeCommand command, Answered answered) {
    Future<Payload> answer;
    try {
      answer = handler.handle(command);
    } catch (RuntimeException e) {
      answer = Future.failedFuture(e);
    }
    answer
        .onSuccess(
            body -> thread.execute(() -> answered.take(new NodeAnswer(node.id(), body, null))))
        .onFailure(
            failure ->
                thread.execute(
                    () -> answered.take(new NodeAnswer(node.id(), null, textOf(failure)))));
  }

  private void fail(long number, UUID member, String failure) {
    Round round = rounds.get(number);
    String nodeId = round == null ? null : round.waiting.get(member);
    if (nodeId != null) {
      take(number, member, new NodeAnswer(nodeId, null, failure));
    }
  }

  private void take(long number, UUID member, NodeAnswer answer) {
    Round round = rounds.get(number);
    if (round == null || round.waiting.remove(member) == null) {
      return;
    }
    round.answers.add(answer);
    if (round.waiting.isEmpty()) {
      rounds.remove(number);
      round.settled.run();
      round.promise.complete(List.copyOf(round.answers));
    }
  }

  private static String textOf(@Nullable Throwable failure) {
    String message = failure == null ? null : failure.getMessage();
    return message == null || message.isEmpty() ? "the command failed" : message;
  }
}
