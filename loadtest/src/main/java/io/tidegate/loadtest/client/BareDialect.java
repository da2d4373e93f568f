package io.tidegate.loadtest.client;

import java.net.URI;

/**
 * No protocol: a frame is a publication, in both directions, and nothing is answered. The path says
 * what is subscribed to and where publications go: {@code /SUBSCRIBED/PUBLISHED}, with {@code -}
 * for neither.
 */
final class BareDialect implements Dialect {
  private static final String NONE = "-";

  private final Errand errand;
  private final int dataBytes;
  private final Conversation client;

  BareDialect(Errand errand, int dataBytes, Conversation client) {
    this.errand = errand;
    this.dataBytes = dataBytes;
    this.client = client;
  }

  @Override
  public URI url(URI base) {
    String from = errand.channel() == null ? NONE : errand.channel();
    String to = errand.publishesTo() == null ? NONE : errand.publishesTo();
    return base.resolve("/" + from + "/" + to);
  }

  @Override
  public void opened() {
    client.connected(0);
    client.ready(false);
  }

  @Override
  public void received(byte[] bytes, int from, int to) {
    if (to - from == dataBytes && Payload.isAt(bytes, from, to)) {
      client.publication(bytes, from, Bytes.ABSENT);
    }
  }

  @Override
  public String publish(int id, String channel, String data) {
    return data;
  }
}
