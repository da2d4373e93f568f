package io.tidegate.gateway;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.hub.Hub;
import io.tidegate.gateway.ops.Canary;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.session.SessionDirectory;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the backplane to the parts of the node that listen to it. Thread-safe. */
final class NodeListener implements BackplaneListener {
  private static final Logger log = LoggerFactory.getLogger(NodeListener.class);

  private final Hub hub;
  private final Canary canary;
  private final SessionDirectory sessions;

  NodeListener(Hub hub, Canary canary, SessionDirectory sessions) {
    this.hub = hub;
    this.canary = canary;
    this.sessions = sessions;
  }

  @Override
  public void publication(String channel, String epoch, Publication publication) {
    if (!canary.heard(channel)) {
      hub.publication(channel, epoch, publication);
    }
  }

  @Override
  public void joined(String channel, ClientInfo member) {
    hub.joined(channel, member);
  }

  @Override
  public void left(String channel, ClientInfo member) {
    hub.left(channel, member);
  }

  @Override
  public void discontinued(String channel, StreamPosition resumed, GapCause cause) {
    hub.discontinued(channel, resumed, cause);
  }

  @Override
  public void presenceReset(String channel) {
    hub.presenceReset(channel);
  }

  @Override
  public Future<Void> leaseLost() {
    log.warn("lease lost: the cluster gave up on this node; closing its sessions");
    return sessions.closeAll(CloseCode.FORCE_RECONNECT);
  }
}
