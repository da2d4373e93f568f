package io.tidegate.gateway.protocol;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.StreamPosition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for. {@code id} correlates the reply: positive, or 0 where none is wanted
 * ({@link Send}, {@link Frame}, {@link Pong}). Payloads hold whatever bytes the client sent, valid
 * JSON where the protocol is JSON.
 */
public sealed interface Command {
  long id();

  /** The command's name in metrics: one of a fixed set. */
  String name();

  /**
   * Opens the session; the first command. {@code token} may have come with the upgrade instead.
   *
   * @param recover where the client stood in channels that the server subscribed it to, for those
   *     that it wants to go on in
   */
  record Connect(
      long id,
      @Nullable String token,
      @Nullable Payload data,
      String client,
      String version,
      Map<String, StreamPosition> recover)
      implements Command {
    public Connect {
      recover = Map.copyOf(recover);
    }

    @Override
    public String name() {
      return "connect";
    }
  }

  /** Replaces the connection's token by a newer one. */
  record Refresh(long id, String token) implements Command {
    @Override
    public String name() {
      return "refresh";
    }
  }

  /**
   * Subscribes to a channel.
   *
   * @param recover the position to go on from; absent when the client does not ask for recovery
   * @param recoverOrFail whether the client wants an error rather than a subscription that has not
   *     recovered
   */
  record Subscribe(
      long id,
      String channel,
      @Nullable String token,
      @Nullable Payload data,
      boolean positioned,
      boolean recoverable,
      boolean joinLeave,
      @Nullable StreamPosition recover,
      boolean recoverOrFail)
      implements Command {
    /** The bit of the field {@code flag} that says {@code recoverOrFail}. */
    static final int RECOVER_OR_FAIL = 2;

    @Override
    public String name() {
      return "subscribe";
    }
  }

  /** Ends a subscription. */
  record Unsubscribe(long id, String channel) implements Command {
    @Override
    public String name() {
      return "unsubscribe";
    }
  }

  /** Publishes to a channel. */
  record Publish(long id, String channel, Payload data) implements Command {
    @Override
    public String name() {
      return "publish";
    }
  }

  /** Asks who is in a channel. */
  record Presence(long id, String channel) implements Command {
    @Override
    public String name() {
      return "presence";
    }
  }

  /** Asks how many are in a channel. */
  record PresenceStats(long id, String channel) implements Command {
    @Override
    public String name() {
      return "presence_stats";
    }
  }

  /** Reads a channel's history; {@code limit} 0 asks for the position only, -1 for all. */
  record History(
      long id, String channel, int limit, @Nullable StreamPosition since, boolean reverse)
      implements Command {
    @Override
    public String name() {
      return "history";
    }
  }

  /** Calls a service and waits for its answer. */
  record Rpc(long id, String method, Payload data) implements Command {
    @Override
    public String name() {
      return "rpc";
    }
  }

  /** Sends to a service without an answer. */
  record Send(Payload data) implements Command {
    @Override
    public long id() {
      return 0;
    }

    @Override
    public String name() {
      return "send";
    }
  }

  /** Replaces a subscription's token by a newer one. */
  record SubRefresh(long id, String channel, String token) implements Command {
    @Override
    public String name() {
      return "sub_refresh";
    }
  }

  /** A client's own ping, answered with an empty result. */
  record Ping(long id) implements Command {
    @Override
    public String name() {
      return "ping";
    }
  }

  /** The answer to the server's ping: the empty message. */
  record Pong() implements Command {
    @Override
    public long id() {
      return 0;
    }

    @Override
    public String name() {
      return "pong";
    }
  }

  /** A frame of a client that speaks no protocol: what it means is the route's to say. */
  record Frame(Payload data, boolean text) implements Command {
    @Override
    public long id() {
      return 0;
    }

    @Override
    public String name() {
      return "frame";
    }
  }

  /**
   * A well-formed message that is no valid command: answered with {@code error}.
   *
   * @param detail what was wrong, naming field, value and expectation; short, stable, safe to log
   */
  record Invalid(long id, ErrorCode error, String detail) implements Command {
    @Override
    public String name() {
      return "invalid";
    }
  }
}
