package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;

/** A node with what it heard and a command handler that a test may set. */
public final class TestNode {
  private final BackplaneNode node;
  private final RecordingListener heard = new RecordingListener();
  private volatile CommandHandler commands = command -> Future.succeededFuture(Payload.EMPTY);

  TestNode(BackplaneNode node) {
    this.node = node;
  }

  Future<Void> start() {
    return node.start(heard, command -> commands.handle(command));
  }

  public BackplaneNode node() {
    return node;
  }

  public RecordingListener heard() {
    return heard;
  }

  public Backplane backplane() {
    return node.backplane();
  }

  public PresenceStore presence() {
    return node.presence();
  }

  public Cluster cluster() {
    return node.cluster();
  }

  public ServiceInbox inbox() {
    return node.inbox();
  }

  public void onCommand(CommandHandler handler) {
    commands = handler;
  }

  @CanIgnoreReturnValue
  public StreamPosition join(String channel, StreamPolicy policy) {
    heard.expectAnew(channel);
    return await(backplane().join(channel, policy));
  }

  public void leave(String channel) {
    await(backplane().leave(channel));
  }

  @CanIgnoreReturnValue
  public PublishResult publish(String channel, String text, StreamPolicy policy) {
    return await(publishing(channel, text, policy));
  }

  public Future<PublishResult> publishing(String channel, String text, StreamPolicy policy) {
    return backplane().publish(PublishRequest.of(channel, Payload.utf8(text), policy));
  }

  public HistoryPage history(String channel, StreamPolicy policy, HistoryQuery query) {
    return await(backplane().history(channel, policy, query));
  }

  public void removeHistory(String channel, StreamPolicy policy) {
    await(backplane().removeHistory(channel, policy));
  }

  public void add(String channel, ClientInfo member) {
    await(presence().add(channel, member, true));
  }

  public void remove(String channel, String client) {
    await(presence().remove(channel, client));
  }
}
