package io.tidegate.gateway.testing;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;

/** Of a node of which a test wants to hear nothing. */
public final class SilentListener implements BackplaneListener {
  @Override
  public void publication(String channel, String epoch, Publication publication) {}

  @Override
  public void joined(String channel, ClientInfo member) {}

  @Override
  public void left(String channel, ClientInfo member) {}

  @Override
  public void presenceReset(String channel) {}

  @Override
  public void discontinued(String channel, StreamPosition resumed, GapCause cause) {}

  @Override
  public Future<Void> leaseLost() {
    return Future.succeededFuture();
  }
}
