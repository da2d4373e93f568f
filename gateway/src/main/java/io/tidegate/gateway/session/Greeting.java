package io.tidegate.gateway.session;

import io.tidegate.gateway.auth.AuthException;
import io.tidegate.gateway.auth.Identity;
import io.tidegate.gateway.auth.TokenSource;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.protocol.ClientProtocol;
import io.tidegate.gateway.protocol.CloseCode;
import io.tidegate.gateway.protocol.Command;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.MalformedFrameException;
import io.tidegate.gateway.protocol.Reply;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection from its 101 to its connect command: one message, a small budget of bytes, a short
 * deadline, and no work for the backplane. Confined to the connection's loop.
 */
final class Greeting implements ConnectionHandler {
  /** Bytes of that message at least, and of the beginning of another one: a token and more. */
  private static final int BUDGET = 32 << 10;

  /** Bytes of one position in {@code connect.subs}, beside the channel's name. */
  private static final int POSITION = 96;

  private static final Logger log = LoggerFactory.getLogger(Greeting.class);
  private static final int LOGGED_CHARS = 64;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x21-\\x7e]");

  private final SessionLoop loop;
  private final Connection connection;
  private final ClientProtocol protocol;
  private final @Nullable Identity fromUpgrade;
  private final TimerWheel.Timer deadline;
  private boolean spoken;
  private long spokenNanos;
  private boolean over;

  Greeting(
      SessionLoop loop,
      Connection connection,
      ClientProtocol protocol,
      @Nullable Identity fromUpgrade) {
    this.loop = loop;
    this.connection = connection;
    this.protocol = protocol;
    this.fromUpgrade = fromUpgrade;
    this.deadline = TimerWheel.timer(() -> close(CloseCode.STALE));
    connection.maxMessage(budget(loop.node().limits()));
    loop.wheel().schedule(deadline, loop.node().auth().firstFrameTimeout().toMillis());
  }

  /** Who has all the subscriptions that it may have brings a position for each. */
  private static int budget(SessionLimits limits) {
    long positions = (long) limits.subscriptions() * (limits.channelLength() + POSITION);
    return (int) Math.max(BUDGET, Math.min(limits.maxPayload(), BUDGET / 2 + positions));
  }

  @Override
  public void message(byte[] message, boolean text) {
    if (over) {
      return;
    }
    if (spoken) {
      close(CloseCode.BAD_REQUEST);
      return;
    }
    spoken = true;
    spokenNanos = loop.node().nanoTime().getAsLong();
    List<Command> commands = new ArrayList<>(4);
    try {
      protocol.decode(message, text, commands::add);
    } catch (MalformedFrameException e) {
      close(CloseCode.BAD_REQUEST);
      return;
    }
    if (!commands.isEmpty() && commands.get(0) instanceof Command.Connect connect) {
      identify(connect)
          .onSuccess(identity -> open(identity, connect, commands.subList(1, commands.size())))
          .onFailure(e -> refuse(connect, e));
    } else {
      close(CloseCode.BAD_REQUEST);
    }
  }

  @Override
  public void closed(String reason) {
    if (!over) {
      done();
      loop.connectionEnded(reason);
    }
  }

  private Future<Identity> identify(Command.Connect connect) {
    var auth = loop.node().auth();
    if (connect.token() == null || !auth.sources().contains(TokenSource.FIRST_FRAME)) {
      if (fromUpgrade != null) {
        return Future.succeededFuture(fromUpgrade);
      }
      return auth.anonymous()
          ? Future.succeededFuture(Identity.ANONYMOUS)
          : Future.failedFuture(
              new AuthException(AuthException.Reason.MALFORMED_TOKEN, "no token"));
    }
    Future<Identity> fromFrame = loop.node().authenticator().authenticate(connect.token());
    if (fromUpgrade == null) {
      return fromFrame;
    }
    // Two tokens may be two ages of one; two users are an attempt to confuse somebody.
    return fromFrame.compose(
        identity ->
            identity.user().equals(fromUpgrade.user())
                ? Future.succeededFuture(identity)
                : Future.failedFuture(
                    new AuthException(AuthException.Reason.BAD_CLAIM, "two users")));
  }

  private void open(Identity identity, Command.Connect connect, List<Command> more) {
    if (over) {
      return;
    }
    done();
    connection.maxMessage(loop.node().limits().maxPayload());
    var session = new Session(loop, connection, protocol, identity, null);
    if (log.isDebugEnabled()) {
      log.debug(
          "connect connection={} client={} version={}",
          session.client(),
          printable(connect.client()),
          printable(connect.version()));
    }
    connection.handler(session);
    session.open(connect, more).onSuccess(reply -> count(connect, Commands.outcome(reply)));
  }

  /** What a client says of itself may be long, and may have line breaks. */
  private static String printable(String text) {
    String begin = text.length() > LOGGED_CHARS ? text.substring(0, LOGGED_CHARS) : text;
    return UNPRINTABLE.matcher(begin).replaceAll("?");
  }

  private void refuse(Command.Connect connect, Throwable e) {
    if (over) {
      return;
    }
    if (e instanceof AuthException auth && auth.reason() == AuthException.Reason.TOKEN_EXPIRED) {
      // The client closes, fetches a new token and comes back; the deadline sees to those that do
      // not.
      count(connect, "token_expired");
      Outbox outbox = loop.outbox(connection, protocol);
      outbox.message(protocol.encode(connect.id(), Reply.Failed.of(ErrorCode.TOKEN_EXPIRED)));
      return;
    }
    CloseCode code = CloseCode.INVALID_TOKEN;
    if (!(e instanceof AuthException)) {
      log.error("connect failed remote={}", connection.remoteAddress(), e);
      code = CloseCode.SERVER_ERROR;
    }
    count(connect, code.label());
    close(code);
  }

  private void count(Command.Connect connect, String outcome) {
    double seconds = (loop.node().nanoTime().getAsLong() - spokenNanos) / 1e9;
    loop.node().metrics().command(connect.name(), outcome, seconds);
  }

  /** Closes the connection, unless it is a session by now or has ended. */
  void close(CloseCode code) {
    if (!over) {
      done();
      connection.close(code.code(), code.reason());
      loop.connectionEnded(code.label());
    }
  }

  private void done() {
    over = true;
    loop.wheel().cancel(deadline);
    loop.greeted(this);
  }
}
