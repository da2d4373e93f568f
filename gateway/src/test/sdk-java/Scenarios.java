import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ClientInfo;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.HistoryResult;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.PresenceStatsResult;
import io.github.centrifugal.centrifuge.Publication;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.PublishResult;
import io.github.centrifugal.centrifuge.RPCResult;
import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.SubscriptionTokenEvent;
import io.github.centrifugal.centrifuge.SubscriptionTokenGetter;
import io.github.centrifugal.centrifuge.TokenCallback;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The scenarios of scenarios.js for the Java SDK. Compiled and run on a class path of its own, which has the SDK and what
 * it needs: its Protobuf is not the gateway's. Told by two arguments: the URL of the gateway and that of the control,
 * which it posts to what came of it.
 */
public final class Scenarios {
  interface Scenario {
    void play() throws Exception;
  }

  private static final Map<String, Scenario> ALL = new LinkedHashMap<>();

  static {
    ALL.put("connect with a token", Scenarios::connect);
    ALL.put("connect with a bad token is final", Scenarios::badToken);
    ALL.put("an expired token is replaced by the application", Scenarios::expiredToken);
    ALL.put("refresh keeps the connection", Scenarios::refresh);
    ALL.put("publish and receive", Scenarios::publish);
    ALL.put("a publication of the server API has tags", Scenarios::tags);
    ALL.put("what is not allowed is refused", Scenarios::refusals);
    ALL.put("history", Scenarios::history);
    ALL.put("presence", Scenarios::presence);
    ALL.put("joins and leaves", Scenarios::joins);
    ALL.put("unsubscribe", Scenarios::unsubscribe);
    ALL.put("a private channel needs a token of its own", Scenarios::privateChannel);
    ALL.put("a subscription is refreshed", Scenarios::subscriptionRefresh);
    ALL.put("server-side subscriptions of the token", Scenarios::serverSide);
    ALL.put("the server subscribes and unsubscribes", Scenarios::serverSubscribes);
    ALL.put("messages to a user", Scenarios::messages);
    ALL.put("rpc and send reach a service", Scenarios::services);
    ALL.put("the newest publication in cache mode", Recoveries::cache);
    ALL.put("recovery after the socket is cut", Recoveries::cut);
    ALL.put("what a close code says is done", Recoveries::closeCodes);
    ALL.put("recovery after the node is killed", Recoveries::kill);
  }

  public static void main(String[] arguments) throws Exception {
    World.url = arguments[0];
    World.control = arguments[1];
    var results = new StringBuilder();
    for (Map.Entry<String, Scenario> entry : ALL.entrySet()) {
      String problem = "null";
      try {
        entry.getValue().play();
      } catch (Throwable e) {
        problem = World.quoted(e + " at " + List.of(e.getStackTrace()));
      }
      results.append(results.isEmpty() ? "" : ",");
      results.append("{\"name\":" + World.quoted(entry.getKey()) + ",\"problem\":" + problem + "}");
    }
    World.control("/result", "{\"results\":[" + results + "]}");
    System.exit(0);
  }

  static SubscriptionOptions withToken(Callable<String> getToken) {
    var options = new SubscriptionOptions();
    options.setTokenGetter(
        new SubscriptionTokenGetter() {
          @Override
          public void getSubscriptionToken(SubscriptionTokenEvent event, TokenCallback callback) {
            World.give(callback, getToken);
          }
        });
    return options;
  }

  static void connect() throws Exception {
    try (Player ann = Player.of("ann")) {
      World.check(!ann.connected.get(0).isEmpty(), "no client id");
    }
  }

  static void badToken() throws Exception {
    try (var ann = new Player("no.such.token", null)) {
      World.until("the end", () -> !ann.disconnected.isEmpty());
      World.same(ann.disconnected, List.of(3500), "code");
    }
  }

  static void expiredToken() throws Exception {
    String expired = World.token("{\"sub\":\"ann\",\"exp\":1}");
    try (var ann = new Player(expired, () -> World.token("{\"sub\":\"ann\"}"))) {
      World.until("connected", () -> !ann.connected.isEmpty());
    }
  }

  static void refresh() throws Exception {
    var fetched = new AtomicInteger();
    Callable<String> getToken =
        () -> World.token("{\"sub\":\"ann\",\"ttl\":" + (fetched.incrementAndGet() > 2 ? 600 : 2) + "}");
    try (var ann = new Player("", getToken)) {
      // It is asked for when the answer to the second says so.
      World.until("the third token", () -> fetched.get() > 2);
      RPCResult echo = World.answer(done -> ann.client.rpc("echo", World.bytes("{\"n\":1}"), done));
      World.same(World.number(echo.getData()), 1, "after the refresh");
      World.same(ann.connected.size(), 1, "connections");
    }
  }

  static void publish() throws Exception {
    String channel = World.channel("news");
    try (Player ann = Player.open("{\"sub\":\"ann\",\"info\":{\"name\":\"Ann\"}}");
        Player bob = Player.of("bob")) {
      Follower a = ann.subscribe(channel);
      Follower b = bob.subscribe(channel);
      for (int n = 1; n <= 200; n++) {
        byte[] data = World.bytes("{\"n\":" + n + "}");
        World.<PublishResult>answer(done -> a.subscription.publish(data, done));
      }
      for (Follower follower : List.of(a, b)) {
        World.until("200", () -> follower.publications.size() >= 200);
        World.same(follower.numbers(), World.upTo(200), "numbers");
        List<Integer> offsets =
            follower.publications.stream().map(one -> (int) one.getOffset()).toList();
        World.same(offsets, World.upTo(200), "offsets");
      }
      ClientInfo info = b.publications.get(199).getInfo();
      World.same(info.getUser(), "ann", "publisher");
      World.same(World.text(info.getConnInfo()), "{\"name\":\"Ann\"}", "its info");
    }
  }

  static void tags() throws Exception {
    String channel = World.channel("tags");
    try (Player ann = Player.of("ann")) {
      Follower follower = ann.subscribe(channel);
      World.control(
          "/api/publish",
          "{\"channel\":%s,\"data\":{\"text\":\"gr\u00fc\u00dfe \ud83c\udf0a\"},\"tags\":{\"kind\":\"greeting\"}}"
              .formatted(World.quoted(channel)));
      World.until("it", () -> follower.publications.size() == 1);
      PublicationEvent publication = follower.publications.get(0);
      World.same(World.text(publication.getData()), "{\"text\":\"gr\u00fc\u00dfe \ud83c\udf0a\"}", "data");
      World.same(publication.getTags(), Map.of("kind", "greeting"), "tags");
    }
  }

  static void refusals() throws Exception {
    try (Player ann = Player.of("ann")) {
      Client client = ann.client;
      World.same(World.<PublishResult>refused(done -> client.publish("closed:x", World.bytes("1"), done)), 103, "publish");
      var one = new HistoryOptions.Builder().withLimit(1).build();
      World.same(World.<HistoryResult>refused(done -> client.history("closed:x", one, done)), 103, "history");
      World.same(World.<PresenceResult>refused(done -> client.presence("nowhere:x", done)), 102, "unknown namespace");
      RPCResult answered = World.answer(done -> client.rpc("no.such", World.bytes("1"), (error, result) -> {
        var seen = new RPCResult();
        seen.setError(error instanceof ReplyError refusal ? refusal : result.getError());
        done.onDone(null, seen);
      }));
      World.same(answered.getError().getCode(), 104, "rpc");
      Follower closed = ann.follow("closed:x", new SubscriptionOptions());
      World.until("the refusal", () -> closed.unsubscribed.size() == 1);
      World.same(closed.unsubscribed, List.of(103), "subscribe");
    }
  }

  static void history() throws Exception {
    String channel = World.channel("history");
    World.publishAll(channel, 1, 20);
    try (Player ann = Player.of("ann")) {
      Subscription subscription = ann.subscribe(channel).subscription;
      var whole = new HistoryOptions.Builder().withLimit(-1).build();
      HistoryResult all = World.answer(done -> subscription.history(whole, done));
      World.same(all.getPublications().stream().map(one -> World.number(one.getData())).toList(), World.upTo(20), "all");
      World.same(all.getOffset(), 20L, "offset");
      var since = new HistoryOptions.Builder().withLimit(3).withSince(new StreamPosition(5, all.getEpoch())).build();
      HistoryResult page = World.answer(done -> subscription.history(since, done));
      World.same(page.getPublications().stream().map(Publication::getOffset).toList(), List.of(6L, 7L, 8L), "page");
      var reverse = new HistoryOptions.Builder().withLimit(2).withReverse(true).build();
      HistoryResult back = World.answer(done -> subscription.history(reverse, done));
      World.same(back.getPublications().stream().map(Publication::getOffset).toList(), List.of(20L, 19L), "reverse");
      var other = new HistoryOptions.Builder().withLimit(1).withSince(new StreamPosition(5, "other")).build();
      World.same(World.<HistoryResult>refused(done -> subscription.history(other, done)), 112, "epoch");
    }
  }

  static void presence() throws Exception {
    String channel = World.channel("presence");
    try (Player ann = Player.of("ann");
        Player bob = Player.of("bob")) {
      Subscription subscription = ann.subscribe(channel).subscription;
      bob.subscribe(channel);
      PresenceResult presence = World.answer(subscription::presence);
      List<String> users = new ArrayList<>();
      presence.getClients().values().forEach(info -> users.add(info.getUser()));
      users.sort(null);
      World.same(users, List.of("ann", "bob"), "users");
      PresenceStatsResult stats = World.answer(subscription::presenceStats);
      World.same(List.of(stats.getNumClients(), stats.getNumUsers()), List.of(2, 2), "stats");
    }
  }

  static void joins() throws Exception {
    String channel = World.channel("joins");
    try (Player bob = Player.of("bob")) {
      var options = new SubscriptionOptions();
      options.setJoinLeave(true);
      Follower follower = bob.subscribe(channel, options);
      try (Player ann = Player.of("ann")) {
        ann.subscribe(channel);
        World.until("join", () -> follower.joins.contains("ann"));
      }
      World.until("leave", () -> follower.leaves.contains("ann"));
    }
  }

  static void unsubscribe() throws Exception {
    String channel = World.channel("unsubscribe");
    try (Player ann = Player.of("ann");
        Player bob = Player.of("bob")) {
      Follower a = ann.subscribe(channel);
      Follower b = bob.subscribe(channel);
      a.subscription.unsubscribe();
      World.until("it is gone", () -> a.unsubscribed.size() == 1);
      World.<PublishResult>answer(done -> b.subscription.publish(World.bytes("{\"n\":1}"), done));
      World.until("it", () -> b.publications.size() == 1);
      World.same(a.publications, List.of(), "after the end");
      a.subscription.subscribe();
      World.until("subscribed again", () -> a.subscribed.size() == 2);
    }
  }

  static String subscriptionToken(String channel, String more) throws Exception {
    return World.token("{\"sub\":\"ann\",\"channel\":" + World.quoted(channel) + more + "}");
  }

  static void privateChannel() throws Exception {
    String channel = World.channel("$secret");
    try (Player ann = Player.of("ann")) {
      Follower without = ann.follow(channel, new SubscriptionOptions());
      World.until("the refusal", () -> without.unsubscribed.size() == 1);
      World.same(without.unsubscribed, List.of(103), "without");
      ann.client.removeSubscription(without.subscription);
      Follower granted = ann.subscribe(channel, withToken(() -> subscriptionToken(channel, "")));
      World.publishAll(channel, 1, 1);
      World.until("it", () -> granted.publications.size() == 1);
    }
  }

  static void subscriptionRefresh() throws Exception {
    String channel = World.channel("$refreshed");
    var fetched = new AtomicInteger();
    try (Player ann = Player.of("ann")) {
      Follower follower =
          ann.subscribe(
              channel,
              withToken(
                  () ->
                      subscriptionToken(
                          channel, ",\"ttl\":" + (fetched.incrementAndGet() > 2 ? 600 : 2))));
      // It is asked for when the answer to the second says so.
      World.until("the third token", () -> fetched.get() > 2);
      World.publishAll(channel, 1, 1);
      World.until("it", () -> follower.publications.size() == 1);
      World.same(follower.subscribed.size(), 1, "subscriptions");
    }
  }

  static void serverSide() throws Exception {
    String channel = World.channel("granted");
    String subs = "{%s:{\"data\":{\"color\":\"blue\"}}}".formatted(World.quoted(channel));
    try (Player ann = Player.open("{\"sub\":\"ann\",\"subs\":" + subs + "}")) {
      World.until("subscribed", () -> ann.told("subscribed", channel).size() == 1);
      World.same(World.text(ann.told("subscribed", channel).get(0).data()), "{\"color\":\"blue\"}", "data");
      World.publishAll(channel, 1, 1);
      World.until("it", () -> ann.told("publication", channel).size() == 1);
    }
  }

  static void serverSubscribes() throws Exception {
    String channel = World.channel("pushed");
    String user = World.channel("user");
    String target = "{\"user\":%s,\"channel\":%s".formatted(World.quoted(user), World.quoted(channel));
    try (Player ann = Player.of(user)) {
      World.control("/api/subscribe", target + ",\"data\":{\"n\":0}}");
      World.until("subscribed", () -> ann.told("subscribed", channel).size() == 1);
      World.same(World.number(ann.told("subscribed", channel).get(0).data()), 0, "data");
      World.publishAll(channel, 1, 1);
      World.until("it", () -> ann.told("publication", channel).size() == 1);
      World.control("/api/unsubscribe", target + "}");
      World.until("unsubscribed", () -> ann.told("unsubscribed", channel).size() == 1);
      Follower own = ann.subscribe(channel);
      World.control("/api/unsubscribe", target + "}");
      World.until("the end of its own", () -> own.unsubscribed.size() == 1);
      World.same(own.unsubscribed, List.of(2000), "code");
    }
  }

  static void messages() throws Exception {
    String user = World.channel("user");
    try (Player ann = Player.of(user)) {
      World.control("/api/send", "{\"user\":%s,\"data\":{\"hello\":\"ann\"}}".formatted(World.quoted(user)));
      World.until("it", () -> ann.messages.size() == 1);
      World.same(ann.messages, List.of("{\"hello\":\"ann\"}"), "message");
    }
  }

  static void services() throws Exception {
    try (Player ann = Player.of("ann")) {
      RPCResult echo = World.answer(done -> ann.client.rpc("echo", World.bytes("{\"n\":[1,\"\u00fc\"]}"), done));
      World.same(World.text(echo.getData()), "{\"n\":[1,\"\u00fc\"]}", "answer");
      String marker = World.channel("sent");
      byte[] message = World.bytes("{\"marker\":" + World.quoted(marker) + "}");
      World.<Object>answer(done -> ann.client.send(message, error -> done.onDone(error, "sent")));
      World.same(World.control("/sent", "{\"marker\":" + World.quoted(marker) + "}"), "{\"sent\":1}", "sent");
    }
  }
}
