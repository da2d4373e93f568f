package io.tidegate.loadtest.client;

/** The kinds of servers that can be spoken to. */
public enum Dialects {
  centrifuge,
  bare,
  socketio,
  nats;

  /** Whether a connection publishes to the channel that it names when it connects, and no other. */
  public boolean bindsPublishers() {
    return this == bare;
  }

  /** Whether publications are answered. */
  public boolean acknowledges() {
    return this == centrifuge || this == socketio;
  }

  Dialect dialect(Errand errand, int dataBytes, Conversation client) {
    return switch (this) {
      case centrifuge -> new CentrifugeDialect(errand, dataBytes, client);
      case bare -> new BareDialect(errand, dataBytes, client);
      case socketio -> new SocketIoDialect(errand, client);
      case nats -> new NatsDialect(errand, client);
    };
  }
}
