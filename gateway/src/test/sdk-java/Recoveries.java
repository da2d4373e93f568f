import io.github.centrifugal.centrifuge.ClientInfo;
import io.github.centrifugal.centrifuge.PresenceResult;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scenarios in which a connection is lost. */
final class Recoveries {
  private Recoveries() {}

  static SubscriptionOptions recovering() {
    var options = new SubscriptionOptions();
    options.setRecoverable(true);
    options.setPositioned(true);
    options.setMinResubscribeDelay(20);
    options.setMaxResubscribeDelay(200);
    return options;
  }

  /** This SDK has no way to ask for the newest but to come back. */
  static void cache() throws Exception {
    String channel = "cache:" + World.channel("x");
    World.publishAll(channel, 1, 3);
    try (Player ann = Player.of("ann")) {
      Follower follower = ann.subscribe(channel, recovering());
      ann.client.disconnect();
      World.until("disconnected", () -> ann.disconnected.size() == 1);
      World.publishAll(channel, 4, 9);
      ann.client.connect();
      World.until("the newest", () -> !follower.publications.isEmpty());
      World.same(follower.numbers(), List.of(9), "numbers");
      World.check(follower.subscribed.get(1).getRecovered(), "recovered");
    }
  }

  static void cut() throws Exception {
    String channel = World.channel("cut");
    String granted = World.channel("granted");
    try (Player ann = Player.open("{\"sub\":\"ann\",\"channels\":[" + World.quoted(granted) + "]}")) {
      Follower follower = ann.subscribe(channel, recovering());
      World.publishAll(channel, 1, 5);
      World.publishAll(granted, 1, 5);
      World.until("five", () -> follower.publications.size() == 5);
      World.control("/cut", "{}");
      World.publishAll(channel, 6, 30);
      World.publishAll(granted, 6, 30);
      World.until(
          "all",
          () -> follower.publications.size() >= 30 && ann.told("publication", granted).size() >= 30);
      World.same(follower.numbers(), World.upTo(30), "numbers");
      List<Integer> numbers =
          ann.told("publication", granted).stream().map(told -> World.number(told.data())).toList();
      World.same(numbers, World.upTo(30), "granted");
      World.check(ann.connected.size() > 1, "it was not cut");
      SubscribedEvent again = follower.subscribed.get(follower.subscribed.size() - 1);
      World.same(List.of(again.wasRecovering(), again.getRecovered()), List.of(true, true), "recovered");
    }
  }

  static void closeCodes() throws Exception {
    Matcher codes =
        Pattern.compile("\\{\"code\":(\\d+),\"reconnect\":(true|false)}")
            .matcher(World.control("/codes", "{}"));
    while (codes.find()) {
      int code = Integer.parseInt(codes.group(1));
      String user = World.channel("code");
      try (Player ann = Player.of(user)) {
        World.control(
            "/api/disconnect",
            "{\"user\":%s,\"disconnect\":{\"code\":%d,\"reason\":\"test\"}}"
                .formatted(World.quoted(user), code));
        if (codes.group(2).equals("true")) {
          World.until("reconnect after " + code, () -> ann.connected.size() == 2);
          World.check(ann.connecting.contains(code), "code: " + ann.connecting + " (expected: " + code + ")");
        } else {
          World.until("end after " + code, () -> ann.disconnected.size() == 1);
          World.same(ann.disconnected, List.of(code), "code");
        }
      }
    }
  }

  static void kill() throws Exception {
    String channel = World.channel("kill");
    List<Player> players = new ArrayList<>();
    List<Follower> followers = new ArrayList<>();
    for (String user : List.of("ann", "bob", "cid", "dan")) {
      players.add(Player.of(user));
      followers.add(players.get(players.size() - 1).subscribe(channel, recovering()));
    }
    World.publishAll(channel, 1, 10);
    World.control("/kill", "{}");
    World.publishAll(channel, 11, 60);
    for (Follower follower : followers) {
      World.until("all", () -> follower.publications.size() >= 60);
      World.same(follower.numbers(), World.upTo(60), "numbers");
    }
    World.check(players.stream().anyMatch(player -> player.connected.size() > 1), "nobody was on the killed node");
    World.until(
        "presence",
        () -> {
          try {
            PresenceResult presence = World.answer(followers.get(0).subscription::presence);
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
