import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.centrifugal.centrifuge.*;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The scenarios of scenarios.js for the Java SDK. Run from source on a class path of its own, which has the SDK and what
 * it needs: its Protobuf is not the gateway's. Told by two arguments: the URL of the gateway and that of the control,
 * which it posts to what came of it.
 */
public final class Scenarios {
  private static final long PATIENCE_SECONDS = 30;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static String url;
  private static String control;

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
    ALL.put("the newest publication in cache mode", Scenarios::cache);
    ALL.put("recovery after the socket is cut", Scenarios::cut);
    ALL.put("what a close code says is done", Scenarios::closeCodes);
    ALL.put("recovery after the node is killed", Scenarios::kill);
  }

  public static void main(String[] arguments) throws Exception {
    url = arguments[0];
    control = arguments[1];
    var results = new StringBuilder();
    for (Map.Entry<String, Scenario> entry : ALL.entrySet()) {
      String problem = "null";
      try {
        entry.getValue().play();
      } catch (Throwable e) {
        problem = quoted(e + " at " + List.of(e.getStackTrace()));
      }
      results.append(results.isEmpty() ? "" : ",");
      results.append("{\"name\":" + quoted(entry.getKey()) + ",\"problem\":" + problem + "}");
    }
    control("/result", "{\"results\":[" + results + "]}");
    System.exit(0);
  }

  // --- The world ---------------------------------------------------------------------------------------------------

  static String control(String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(control + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    check(response.statusCode() == 200, path + ": " + response.statusCode() + response.body());
    return response.body();
  }

  static String token(String claims) throws Exception {
    Matcher token = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(control("/token", claims));
    check(token.find(), "no token");
    return token.group(1);
  }

  static void publishAll(String channel, int from, int to) throws Exception {
    for (int n = from; n <= to; n++) {
      control(
          "/api/publish",
          "{\"channel\":%s,\"data\":{\"n\":%d},\"idempotency_key\":%s}"
              .formatted(quoted(channel), n, quoted(channel + n)));
    }
  }

  static String channel(String name) {
    return name + "-j" + COUNT.incrementAndGet();
  }

  static void check(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  static void same(Object actual, Object expected, String what) {
    check(actual.equals(expected), what + ": " + actual + " (expected: " + expected + ")");
  }

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      check(System.nanoTime() < deadline, "not in time: " + what);
      Thread.sleep(10);
    }
  }

  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c ->
                quoted.append(
                    c == '"' || c == '\\' || c < ' '
                        ? String.format("\\u%04x", c)
                        : String.valueOf((char) c)));
    return quoted.append('"').toString();
  }

  static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }

  static String text(byte[] data) {
    return data == null ? "" : new String(data, UTF_8);
  }

  static int number(byte[] data) {
    Matcher n = Pattern.compile("\"n\":(\\d+)").matcher(text(data));
    check(n.find(), "no number: " + text(data));
    return Integer.parseInt(n.group(1));
  }

  static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  static <T> T answer(java.util.function.Consumer<ResultCallback<T>> call) throws Exception {
    var answer = new CompletableFuture<T>();
    call.accept(
        (error, result) -> {
          if (error != null) {
            answer.completeExceptionally(error);
          } else {
            answer.complete(result);
          }
        });
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static <T> int refused(java.util.function.Consumer<ResultCallback<T>> call) throws Exception {
    try {
      answer(call);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof ReplyError error) {
        return error.getCode();
      }
      throw e;
    }
    throw new AssertionError("not refused");
  }

  /** A token by a call that may fail. */
  static void give(TokenCallback callback, Callable<String> token) {
    try {
      callback.Done(null, token.call());
    } catch (Exception e) {
      callback.Done(e, null);
    }
  }

  /** One client, and what it was told. */
  static final class Player extends EventListener implements AutoCloseable {
    record Told(String event, String channel, byte[] data) {}

    final List<Integer> disconnected = new CopyOnWriteArrayList<>();
    final List<String> connected = new CopyOnWriteArrayList<>();
    final List<String> messages = new CopyOnWriteArrayList<>();
    final List<Told> server = new CopyOnWriteArrayList<>();
    final Client client;

    Player(String token, Callable<String> getToken) {
      var options = new Options();
      options.setMinReconnectDelay(20);
      options.setMaxReconnectDelay(300);
      options.setToken(token);
      if (getToken != null) {
        options.setTokenGetter(
            new ConnectionTokenGetter() {
              @Override
              public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
                give(callback, getToken);
              }
            });
      }
      client = new Client(url, options, this);
      client.connect();
    }

    static Player open(String claims) throws Exception {
      var player = new Player(token(claims), null);
      until("connected", () -> !player.connected.isEmpty());
      return player;
    }

    static Player of(String user) throws Exception {
      return open("{\"sub\":" + quoted(user) + "}");
    }

    @Override
    public void onConnected(Client client, ConnectedEvent event) {
      connected.add(event.getClient());
    }

    @Override
    public void onDisconnected(Client client, DisconnectedEvent event) {
      disconnected.add(event.getCode());
    }

    @Override
    public void onMessage(Client client, MessageEvent event) {
      messages.add(text(event.getData()));
    }

    @Override
    public void onSubscribed(Client client, ServerSubscribedEvent event) {
      server.add(new Told("subscribed", event.getChannel(), event.getData()));
    }

    @Override
    public void onUnsubscribed(Client client, ServerUnsubscribedEvent event) {
      server.add(new Told("unsubscribed", event.getChannel(), new byte[0]));
    }

    @Override
    public void onPublication(Client client, ServerPublicationEvent event) {
      server.add(new Told("publication", event.getChannel(), event.getData()));
    }

    List<Told> told(String event, String channel) {
      return server.stream()
          .filter(one -> one.event.equals(event) && one.channel.equals(channel))
          .toList();
    }

    Follower follow(String channel, SubscriptionOptions options) throws Exception {
      var follower = new Follower();
      follower.subscription = client.newSubscription(channel, options, follower);
      follower.subscription.subscribe();
      return follower;
    }

    Follower subscribe(String channel, SubscriptionOptions options) throws Exception {
      Follower follower = follow(channel, options);
      until("subscribed", () -> !follower.subscribed.isEmpty());
      return follower;
    }

    Follower subscribe(String channel) throws Exception {
      return subscribe(channel, new SubscriptionOptions());
    }

    @Override
    public void close() throws InterruptedException {
      client.close(5_000);
    }
  }

  /** One subscription, and what it was told. */
  static final class Follower extends SubscriptionEventListener {
    final List<PublicationEvent> publications = new CopyOnWriteArrayList<>();
    final List<String> joins = new CopyOnWriteArrayList<>();
    final List<String> leaves = new CopyOnWriteArrayList<>();
    final List<SubscribedEvent> subscribed = new CopyOnWriteArrayList<>();
    final List<Integer> unsubscribed = new CopyOnWriteArrayList<>();
    Subscription subscription;

    List<Integer> numbers() {
      return publications.stream().map(publication -> number(publication.getData())).toList();
    }

    @Override
    public void onPublication(Subscription subscription, PublicationEvent event) {
      publications.add(event);
    }

    @Override
    public void onJoin(Subscription subscription, JoinEvent event) {
      joins.add(event.getInfo().getUser());
    }

    @Override
    public void onLeave(Subscription subscription, LeaveEvent event) {
      leaves.add(event.getInfo().getUser());
    }

    @Override
    public void onSubscribed(Subscription subscription, SubscribedEvent event) {
      subscribed.add(event);
    }

    @Override
    public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
      unsubscribed.add(event.getCode());
    }
  }

  static SubscriptionOptions withToken(Callable<String> getToken) {
    var options = new SubscriptionOptions();
    options.setTokenGetter(
        new SubscriptionTokenGetter() {
          @Override
          public void getSubscriptionToken(SubscriptionTokenEvent event, TokenCallback callback) {
            give(callback, getToken);
          }
        });
    return options;
  }

  static SubscriptionOptions recovering() {
    var options = new SubscriptionOptions();
    options.setRecoverable(true);
    options.setPositioned(true);
    options.setMinResubscribeDelay(20);
    options.setMaxResubscribeDelay(200);
    return options;
  }

  // --- The scenarios -----------------------------------------------------------------------------------------------

  static void connect() throws Exception {
    try (Player ann = Player.of("ann")) {
      check(!ann.connected.get(0).isEmpty(), "no client id");
    }
  }

  static void badToken() throws Exception {
    try (var ann = new Player("no.such.token", null)) {
      until("the end", () -> !ann.disconnected.isEmpty());
      same(ann.disconnected, List.of(3500), "code");
    }
  }

  static void expiredToken() throws Exception {
    String expired = token("{\"sub\":\"ann\",\"exp\":1}");
    try (var ann = new Player(expired, () -> token("{\"sub\":\"ann\"}"))) {
      until("connected", () -> !ann.connected.isEmpty());
    }
  }

  static void refresh() throws Exception {
    var fetched = new AtomicInteger();
    Callable<String> getToken =
        () -> token("{\"sub\":\"ann\",\"ttl\":" + (fetched.incrementAndGet() > 1 ? 600 : 2) + "}");
    try (var ann = new Player("", getToken)) {
      until("the second token", () -> fetched.get() > 1);
      RPCResult echo = answer(done -> ann.client.rpc("echo", bytes("{\"n\":1}"), done));
      same(number(echo.getData()), 1, "after the refresh");
      same(ann.connected.size(), 1, "connections");
    }
  }

  static void publish() throws Exception {
    String channel = channel("news");
    try (Player ann = Player.open("{\"sub\":\"ann\",\"info\":{\"name\":\"Ann\"}}");
        Player bob = Player.of("bob")) {
      Follower a = ann.subscribe(channel);
      Follower b = bob.subscribe(channel);
      for (int n = 1; n <= 200; n++) {
        byte[] data = bytes("{\"n\":" + n + "}");
        Scenarios.<PublishResult>answer(done -> a.subscription.publish(data, done));
      }
      for (Follower follower : List.of(a, b)) {
        until("200", () -> follower.publications.size() >= 200);
        same(follower.numbers(), upTo(200), "numbers");
        List<Integer> offsets =
            follower.publications.stream().map(one -> (int) one.getOffset()).toList();
        same(offsets, upTo(200), "offsets");
      }
      ClientInfo info = b.publications.get(199).getInfo();
      same(info.getUser(), "ann", "publisher");
      same(text(info.getConnInfo()), "{\"name\":\"Ann\"}", "its info");
    }
  }

  static void tags() throws Exception {
    String channel = channel("tags");
    try (Player ann = Player.of("ann")) {
      Follower follower = ann.subscribe(channel);
      control(
          "/api/publish",
          "{\"channel\":%s,\"data\":{\"text\":\"gr\u00fc\u00dfe \ud83c\udf0a\"},\"tags\":{\"kind\":\"greeting\"}}"
              .formatted(quoted(channel)));
      until("it", () -> follower.publications.size() == 1);
      PublicationEvent publication = follower.publications.get(0);
      same(text(publication.getData()), "{\"text\":\"gr\u00fc\u00dfe \ud83c\udf0a\"}", "data");
      same(publication.getTags(), Map.of("kind", "greeting"), "tags");
    }
  }

  static void refusals() throws Exception {
    try (Player ann = Player.of("ann")) {
      Client client = ann.client;
      same(Scenarios.<PublishResult>refused(done -> client.publish("closed:x", bytes("1"), done)), 103, "publish");
      var one = new HistoryOptions.Builder().withLimit(1).build();
      same(Scenarios.<HistoryResult>refused(done -> client.history("closed:x", one, done)), 103, "history");
      same(Scenarios.<PresenceResult>refused(done -> client.presence("nowhere:x", done)), 102, "unknown namespace");
      RPCResult answered = answer(done -> client.rpc("no.such", bytes("1"), (error, result) -> {
        var seen = new RPCResult();
        seen.setError(error instanceof ReplyError refusal ? refusal : result.getError());
        done.onDone(null, seen);
      }));
      same(answered.getError().getCode(), 104, "rpc");
      Follower closed = ann.follow("closed:x", new SubscriptionOptions());
      until("the refusal", () -> closed.unsubscribed.size() == 1);
      same(closed.unsubscribed, List.of(103), "subscribe");
    }
  }

  static void history() throws Exception {
    String channel = channel("history");
    publishAll(channel, 1, 20);
    try (Player ann = Player.of("ann")) {
      Subscription subscription = ann.subscribe(channel).subscription;
      var whole = new HistoryOptions.Builder().withLimit(-1).build();
      HistoryResult all = answer(done -> subscription.history(whole, done));
      same(all.getPublications().stream().map(one -> number(one.getData())).toList(), upTo(20), "all");
      same(all.getOffset(), 20L, "offset");
      var since = new HistoryOptions.Builder().withLimit(3).withSince(new StreamPosition(5, all.getEpoch())).build();
      HistoryResult page = answer(done -> subscription.history(since, done));
      same(page.getPublications().stream().map(Publication::getOffset).toList(), List.of(6L, 7L, 8L), "page");
      var reverse = new HistoryOptions.Builder().withLimit(2).withReverse(true).build();
      HistoryResult back = answer(done -> subscription.history(reverse, done));
      same(back.getPublications().stream().map(Publication::getOffset).toList(), List.of(20L, 19L), "reverse");
      var other = new HistoryOptions.Builder().withLimit(1).withSince(new StreamPosition(5, "other")).build();
      same(Scenarios.<HistoryResult>refused(done -> subscription.history(other, done)), 112, "epoch");
    }
  }

  static void presence() throws Exception {
    String channel = channel("presence");
    try (Player ann = Player.of("ann");
        Player bob = Player.of("bob")) {
      Subscription subscription = ann.subscribe(channel).subscription;
      bob.subscribe(channel);
      PresenceResult presence = answer(subscription::presence);
      List<String> users = new ArrayList<>();
      presence.getClients().values().forEach(info -> users.add(info.getUser()));
      users.sort(null);
      same(users, List.of("ann", "bob"), "users");
      PresenceStatsResult stats = answer(subscription::presenceStats);
      same(List.of(stats.getNumClients(), stats.getNumUsers()), List.of(2, 2), "stats");
    }
  }

  static void joins() throws Exception {
    String channel = channel("joins");
    try (Player bob = Player.of("bob")) {
      var options = new SubscriptionOptions();
      options.setJoinLeave(true);
      Follower follower = bob.subscribe(channel, options);
      try (Player ann = Player.of("ann")) {
        ann.subscribe(channel);
        until("join", () -> follower.joins.contains("ann"));
      }
      until("leave", () -> follower.leaves.contains("ann"));
    }
  }

  static void unsubscribe() throws Exception {
    String channel = channel("unsubscribe");
    try (Player ann = Player.of("ann");
        Player bob = Player.of("bob")) {
      Follower a = ann.subscribe(channel);
      Follower b = bob.subscribe(channel);
      a.subscription.unsubscribe();
      until("it is gone", () -> a.unsubscribed.size() == 1);
      Scenarios.<PublishResult>answer(done -> b.subscription.publish(bytes("{\"n\":1}"), done));
      until("it", () -> b.publications.size() == 1);
      same(a.publications, List.of(), "after the end");
      a.subscription.subscribe();
      until("subscribed again", () -> a.subscribed.size() == 2);
    }
  }

  static String subscriptionToken(String channel, String more) throws Exception {
    return token("{\"sub\":\"ann\",\"channel\":" + quoted(channel) + more + "}");
  }

  static void privateChannel() throws Exception {
    String channel = channel("$secret");
    try (Player ann = Player.of("ann")) {
      Follower without = ann.follow(channel, new SubscriptionOptions());
      until("the refusal", () -> without.unsubscribed.size() == 1);
      same(without.unsubscribed, List.of(103), "without");
      ann.client.removeSubscription(without.subscription);
      Follower granted = ann.subscribe(channel, withToken(() -> subscriptionToken(channel, "")));
      publishAll(channel, 1, 1);
      until("it", () -> granted.publications.size() == 1);
    }
  }

  static void subscriptionRefresh() throws Exception {
    String channel = channel("$refreshed");
    var fetched = new AtomicInteger();
    try (Player ann = Player.of("ann")) {
      Follower follower =
          ann.subscribe(
              channel,
              withToken(
                  () ->
                      subscriptionToken(
                          channel, ",\"ttl\":" + (fetched.incrementAndGet() > 1 ? 600 : 2))));
      until("the second token", () -> fetched.get() > 1);
      publishAll(channel, 1, 1);
      until("it", () -> follower.publications.size() == 1);
      same(follower.subscribed.size(), 1, "subscriptions");
    }
  }

  static void serverSide() throws Exception {
    String channel = channel("granted");
    String subs = "{%s:{\"data\":{\"color\":\"blue\"}}}".formatted(quoted(channel));
    try (Player ann = Player.open("{\"sub\":\"ann\",\"subs\":" + subs + "}")) {
      until("subscribed", () -> ann.told("subscribed", channel).size() == 1);
      same(text(ann.told("subscribed", channel).get(0).data()), "{\"color\":\"blue\"}", "data");
      publishAll(channel, 1, 1);
      until("it", () -> ann.told("publication", channel).size() == 1);
    }
  }

  static void serverSubscribes() throws Exception {
    String channel = channel("pushed");
    String user = channel("user");
    String target = "{\"user\":%s,\"channel\":%s".formatted(quoted(user), quoted(channel));
    try (Player ann = Player.of(user)) {
      control("/api/subscribe", target + ",\"data\":{\"n\":0}}");
      until("subscribed", () -> ann.told("subscribed", channel).size() == 1);
      same(number(ann.told("subscribed", channel).get(0).data()), 0, "data");
      publishAll(channel, 1, 1);
      until("it", () -> ann.told("publication", channel).size() == 1);
      control("/api/unsubscribe", target + "}");
      until("unsubscribed", () -> ann.told("unsubscribed", channel).size() == 1);
      Follower own = ann.subscribe(channel);
      control("/api/unsubscribe", target + "}");
      until("the end of its own", () -> own.unsubscribed.size() == 1);
      same(own.unsubscribed, List.of(2000), "code");
    }
  }

  static void messages() throws Exception {
    String user = channel("user");
    try (Player ann = Player.of(user)) {
      control("/api/send", "{\"user\":%s,\"data\":{\"hello\":\"ann\"}}".formatted(quoted(user)));
      until("it", () -> ann.messages.size() == 1);
      same(ann.messages, List.of("{\"hello\":\"ann\"}"), "message");
    }
  }

  static void services() throws Exception {
    try (Player ann = Player.of("ann")) {
      RPCResult echo = answer(done -> ann.client.rpc("echo", bytes("{\"n\":[1,\"\u00fc\"]}"), done));
      same(text(echo.getData()), "{\"n\":[1,\"\u00fc\"]}", "answer");
      String marker = channel("sent");
      byte[] message = bytes("{\"marker\":" + quoted(marker) + "}");
      Scenarios.<Object>answer(done -> ann.client.send(message, error -> done.onDone(error, "sent")));
      same(control("/sent", "{\"marker\":" + quoted(marker) + "}"), "{\"sent\":1}", "sent");
    }
  }

  /** This SDK has no way to ask for the newest but to come back. */
  static void cache() throws Exception {
    String channel = "cache:" + channel("x");
    publishAll(channel, 1, 3);
    try (Player ann = Player.of("ann")) {
      Follower follower = ann.subscribe(channel, recovering());
      control("/cut", "{}");
      publishAll(channel, 4, 9);
      until("the newest", () -> follower.numbers().contains(9));
      until("subscribed again", () -> follower.subscribed.size() > 1);
      check(follower.subscribed.get(1).getRecovered(), "recovered");
    }
  }

  static void cut() throws Exception {
    String channel = channel("cut");
    String granted = channel("granted");
    try (Player ann = Player.open("{\"sub\":\"ann\",\"channels\":[" + quoted(granted) + "]}")) {
      Follower follower = ann.subscribe(channel, recovering());
      publishAll(channel, 1, 5);
      publishAll(granted, 1, 5);
      until("five", () -> follower.publications.size() == 5);
      control("/cut", "{}");
      publishAll(channel, 6, 30);
      publishAll(granted, 6, 30);
      until(
          "all",
          () -> follower.publications.size() >= 30 && ann.told("publication", granted).size() >= 30);
      same(follower.numbers(), upTo(30), "numbers");
      List<Integer> numbers =
          ann.told("publication", granted).stream().map(told -> number(told.data())).toList();
      same(numbers, upTo(30), "granted");
      check(ann.connected.size() > 1, "it was not cut");
      SubscribedEvent again = follower.subscribed.get(follower.subscribed.size() - 1);
      same(List.of(again.wasRecovering(), again.getRecovered()), List.of(true, true), "recovered");
    }
  }

  static void closeCodes() throws Exception {
    Matcher codes =
        Pattern.compile("\\{\"code\":(\\d+),\"reconnect\":(true|false)}")
            .matcher(control("/codes", "{}"));
    while (codes.find()) {
      int code = Integer.parseInt(codes.group(1));
      String user = channel("code");
      try (Player ann = Player.of(user)) {
        control(
            "/api/disconnect",
            "{\"user\":%s,\"disconnect\":{\"code\":%d,\"reason\":\"test\"}}"
                .formatted(quoted(user), code));
        if (codes.group(2).equals("true")) {
          until("reconnect after " + code, () -> ann.connected.size() == 2);
        } else {
          until("end after " + code, () -> ann.disconnected.size() == 1);
          same(ann.disconnected, List.of(code), "code");
        }
      }
    }
  }

  static void kill() throws Exception {
    String channel = channel("kill");
    List<Player> players = new ArrayList<>();
    List<Follower> followers = new ArrayList<>();
    for (String user : List.of("ann", "bob", "cid", "dan")) {
      players.add(Player.of(user));
      followers.add(players.get(players.size() - 1).subscribe(channel, recovering()));
    }
    publishAll(channel, 1, 10);
    control("/kill", "{}");
    publishAll(channel, 11, 60);
    for (Follower follower : followers) {
      until("all", () -> follower.publications.size() >= 60);
      same(follower.numbers(), upTo(60), "numbers");
    }
    check(players.stream().anyMatch(player -> player.connected.size() > 1), "nobody was on the killed node");
    until(
        "presence",
        () -> {
          try {
            PresenceResult presence = answer(followers.get(0).subscription::presence);
            return presence.getClients().values().stream()
                .map(ClientInfo::getUser)
                .sorted()
                .toList()
                .equals(List.of("ann", "bob", "cid", "dan"));
          } catch (Exception e) {
            return false;
          }
        });
    for (Player player : players) {
      player.close();
    }
  }
}
