package io.tidegate.backplane.client;

import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;

/** A client joins no channel and holds no presence: there is nothing to hear, and none to lose. */
final class NoListener implements BackplaneListener {
  @Override
  public void publication(String channel, String epoch, Publication publication) {}

  @Override
  public void joined(String channel, ClientInfo member) {}

  @Override
  public void left(String channel, ClientInfo member) {}

  @Override
  public void discontinued(String channel, StreamPosition resumed, GapCause cause) {}

  @Override
  public void presenceReset(String channel) {}

  @Override
  public Future<Void> leaseLost() {
    return Future.succeededFuture();
  }
}
