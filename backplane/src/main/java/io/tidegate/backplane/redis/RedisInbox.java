package io.tidegate.backplane.redis;

import io.tidegate.backplane.ConsumerSettings;
import io.tidegate.backplane.InboxPolicy;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceHandler;
import io.tidegate.backplane.ServiceInbox;
import io.tidegate.backplane.ServiceMessage;
import io.tidegate.backplane.inbox.NodeInbox;
import io.vertx.core.Future;
import java.time.Duration;

/** {@link ServiceInbox} of a {@link RedisNode}: hears of new letters where it consumes. */
final class RedisInbox implements ServiceInbox {
  private final RedisNode node;
  private final NodeInbox inbox;

  RedisInbox(RedisNode node, NodeInbox inbox) {
    this.node = node;
    this.inbox = inbox;
  }

  @Override
  public Future<Void> append(String service, InboxPolicy policy, ServiceMessage message) {
    return inbox.append(service, policy, message);
  }

  @Override
  public Future<ServiceAnswer> request(
      String service, InboxPolicy policy, ServiceMessage message, Duration timeout) {
    return inbox.request(service, policy, message, timeout);
  }

  @Override
  public Future<Consumption> consume(ConsumerSettings settings, ServiceHandler handler) {
    return node.onNode(0, running -> running.hearOf(settings.service(), inbox))
        .compose(heard -> inbox.consume(settings, handler));
  }

  @Override
  public Future<Void> forget(String service, String group) {
    return inbox.forget(service, group);
  }
}
