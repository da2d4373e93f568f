import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.MessageEvent;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.ServerSubscribedEvent;
import io.github.centrifugal.centrifuge.ServerUnsubscribedEvent;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import io.github.centrifugal.centrifuge.TokenCallback;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;

/** One client, and what it was told. */
final class Player extends EventListener implements AutoCloseable {
  record Told(String event, String channel, byte[] data) {}

  final List<Integer> disconnected = new CopyOnWriteArrayList<>();
  final List<Integer> connecting = new CopyOnWriteArrayList<>();
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
              World.give(callback, getToken);
            }
          });
    }
    client = new Client(World.url, options, this);
    client.connect();
  }

  static Player open(String claims) throws Exception {
    var player = new Player(World.token(claims), null);
    World.until("connected", () -> !player.connected.isEmpty());
    return player;
  }

  static Player of(String user) throws Exception {
    return open("{\"sub\":" + World.quoted(user) + "}");
  }

  @Override
  public void onConnecting(Client client, ConnectingEvent event) {
    connecting.add(event.getCode());
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
    messages.add(World.text(event.getData()));
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
    World.until("subscribed", () -> !follower.subscribed.isEmpty());
    return follower;
  }

  Follower subscribe(String channel) throws Exception {
    return subscribe(channel, new SubscriptionOptions());
  }

  @Override
  public void close() throws Exception {
    client.close(5_000);
  }
}
