package io.tidegate.backplane.redis;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.PublishResult;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a node does when the server refuses, or does not let it in. */
final class RedisRefusalIT extends RedisServerSuite {
  @Test
  void forgottenScriptsAreLoadedAgainInOrder() {
    Node node = start();
    await(node.publish("0", null));
    server.command("SCRIPT FLUSH");
    List<Future<PublishResult>> results = new ArrayList<>();
    for (int i = 1; i <= 50; i++) {
      results.add(node.publish(Integer.toString(i), null));
    }
    for (int i = 1; i <= 50; i++) {
      assertThat(await(results.get(i - 1)).position().offset()).isEqualTo(i + 1);
    }
  }

  @Test
  void serverThatBecameAReplicaIsLeftForOneThatCanWrite() {
    Node node = start();
    server.command("REPLICAOF 127.0.0.1 1");
    assertThat(failureOf(node.publish("a", null))).isEqualTo(Reason.UNAVAILABLE);
    server.command("REPLICAOF NO ONE");
    eventually(() -> assertThat(await(node.publish("a", "k")).position().offset()).isEqualTo(1));
  }

  @Test
  void keyOfAnotherTypeFailsItsChannelOnly() {
    Node node = start();
    for (String key : List.of("state", "history")) {
      await(node.publishTo(key));
      server.command("SET test:{" + key + "}:" + key + " x");
      assertThat(failureOf(node.publishTo(key))).isEqualTo(Reason.UNAVAILABLE);
    }
    server.command("DEL test:{history}:history");
    assertThat(await(node.publishTo("history")).position().offset()).isEqualTo(2);
    assertThat(await(node.publishTo("fine")).position().offset()).isEqualTo(1);
  }

  @Test
  void fullServerRefusesAndAppendsNothing() {
    Node node = start();
    await(node.publish("a", null));
    server.command("CONFIG SET maxmemory 1");
    assertThat(failureOf(node.publish("b", null))).isEqualTo(Reason.UNAVAILABLE);
    server.command("CONFIG SET maxmemory 0");
    assertThat(await(node.publish("c", null)).position().offset()).isEqualTo(2);
  }

  @Test
  void consumersEmptyTheInboxOfAFullServer() {
    Node node = start();
    ServiceInbox inbox = node.node.inbox();
    await(inbox.append("jobs", new InboxPolicy(1_600), message("m1")));
    await(inbox.append("jobs", new InboxPolicy(1_600), message("m2")));
    List<String> handled = new CopyOnWriteArrayList<>();
    server.command("CONFIG SET maxmemory 1");
    assertThat(failureOf(inbox.append("jobs", new InboxPolicy(1_600), message("m3"))))
        .isEqualTo(Reason.UNAVAILABLE);

    var consumption =
        await(
            inbox.consume(
                ConsumerSettings.of("jobs"),
                delivery -> {
                  handled.add(delivery.message().id());
                  return Future.succeededFuture(ServiceAnswer.NONE);
                }));
    // The second comes when the first was acknowledged: they are of one client.
    eventually(() -> assertThat(handled).containsExactly("m1", "m2"));
    await(consumption.close());
    String letters = "test:{inbox:jobs:" + message("m1").shard() + "}:letters";
    assertThat(server.command("XLEN " + letters)).startsWith(":0");
  }

  @Test
  void fullInboxRefusesWithoutLookingThroughItEachTime() {
    Node node = start();
    ServiceInbox inbox = node.node.inbox();
    var policy = new InboxPolicy(ServiceInbox.SHARDS);
    await(inbox.append("jobs", policy, message("m")));
    server.command("CONFIG RESETSTAT");
    for (int i = 0; i < 100; i++) {
      assertThat(failureOf(inbox.append("jobs", policy, message("m" + i))))
          .isEqualTo(Reason.OVERLOADED);
    }
    assertThat(calls("evalsha")).isGreaterThanOrEqualTo(100);
    assertThat(calls("xrange")).isBetween(1L, 99L);
  }

  private long calls(String command) {
    Matcher matcher =
        Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
            .matcher(server.command("INFO commandstats"));
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }

  @Test
  void killedScriptDidNothingAndIsTriedAgain() throws InterruptedException {
    Node node = start();
    await(node.publish("a", null));
    var looping =
        new Thread(() -> server.command("EVAL \"while true do end\" 0"), "looping-script");
    server.command("CONFIG SET lua-time-limit 100");
    looping.start();
    eventually(() -> assertThat(server.command("PING")).startsWith("-BUSY"));
    Future<PublishResult> publish = node.publish("b", "k");
    server.command("SCRIPT KILL");
    looping.join();
    eventually(() -> assertThat(await(node.publish("b", "k")).position().offset()).isEqualTo(2));
    assertThat(publish.succeeded() ? publish.result().position().offset() : 2).isEqualTo(2);
  }

  @Test
  void wrongPasswordAndWrongDatabaseFailTheStartAtOnce() {
    server.command("CONFIG SET requirepass right");
    for (String uri :
        List.of(
            "redis://127.0.0.1:" + server.port(),
            "redis://:wrong@127.0.0.1:" + server.port(),
            "redis://:right@127.0.0.1:" + server.port() + "/999")) {
      Node node = new Node(RedisSettings.of(uri, "test"));
      Future<Void> start = node.start();
      assertThat(failureOf(start)).isEqualTo(Reason.UNAVAILABLE);
      assertThat(start.cause())
          .hasMessageContaining("127.0.0.1:" + server.port())
          .hasMessageMatching("(?s).*(NOAUTH|WRONGPASS|DB index).*")
          .hasMessageNotContaining("right@");
      await(node.node.close());
    }
    Node fine = start(RedisSettings.of("redis://:right@127.0.0.1:" + server.port() + "/3", "test"));
    assertThat(await(fine.publish("a", null)).position().offset()).isEqualTo(1);
  }

  @Test
  void userWithTheDocumentedRightsSuffices() {
    server.command(
        "ACL SETUSER gateway on >secret ~test:* &test:* &test/2:* -@all"
            + " +evalsha +script|load +info +select +hset +hget +hgetall +hmget +hvals +hlen +hdel"
            + " +hexists +del +pexpire +time +xadd +xlen +xtrim +xrange +xrevrange +zadd"
            + " +zcard +zrange +zrem +sadd +srem +sscan +smembers +sismember +hincrby +xdel +publish +subscribe +unsubscribe");
    String uri = "redis://gateway:secret@127.0.0.1:" + server.port() + "/2";
    Node node = start(RedisSettings.of(uri, "test"));
    await(node.node.backplane().join(CHANNEL, KEEP));
    await(node.publish("a", "k"));
    await(node.node.presence().add(CHANNEL, client("c"), true));
    assertThat(await(node.node.presence().stats(CHANNEL)).users()).isEqualTo(1);
    await(node.node.presence().remove(CHANNEL, "c"));
    eventually(() -> assertThat(node.heard.moves(CHANNEL)).containsExactly("+c", "-c"));
    assertThat(node.heard.texts(CHANNEL)).containsExactly("a");
    ServiceMessage message = message("id");
    Future<ServiceAnswer> answer =
        node.node.inbox().request("jobs", new InboxPolicy(16), message, Duration.ofSeconds(20));
    var consumption =
        await(
            node.node
                .inbox()
                .consume(
                    ConsumerSettings.of("jobs"),
                    delivery -> Future.succeededFuture(ServiceAnswer.of(Payload.utf8("2")))));
    assertThat(await(answer).data().text()).isEqualTo("2");
    await(consumption.close());
    await(node.node.inbox().forget("jobs", "jobs"));
  }
}
