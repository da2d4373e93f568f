package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections to the server, each with the scripts loaded. */
final class Dialer {
  private static final Logger log = LoggerFactory.getLogger(Dialer.class);
  private static final int CONNECT_MILLIS = 2_000;
  private static final int WAITING_AT_MOST = 4_096;
  private static final Duration DIAL = Duration.ofSeconds(5);
  private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.(\\d+)");
  private static final Pattern RUN_ID = Pattern.compile("run_id:(\\w+)");
  private static final Pattern HOPELESS =
      Pattern.compile(
          "(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH|DB index|Client sent AUTH)).*",
          Pattern.DOTALL);

  private final Vertx vertx;
  private final RedisSettings settings;

  Dialer(Vertx vertx, RedisSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
  }

  /** An open connection; one is equal to itself only. */
  static final class Line {
    private final Redis client;
    private final RedisConnection connection;
    private final String runId;

    private Line(Redis client, RedisConnection connection, String runId) {
      this.client = client; // Owns the connection and nothing else.
      this.connection = connection;
      this.runId = runId;
    }

    RedisConnection connection() {
      return connection;
    }

    /** Which run of which server it leads to. */
    String runId() {
      return runId;
    }

    void hangUp() {
      client.close().onFailure(failure -> log.debug("connection not closed in order", failure));
    }
  }

  /** A refusal that another attempt does not change. */
  static final class HopelessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HopelessException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * Connects, on the node's context; fails within seconds.
   *
   * @param silence after which the connection is ended, or zero for never
   */
  Future<Line> dial(Duration silence) {
    Redis client = Redis.createClient(vertx, options(silence));
    Future<Line> line =
        client
            .connect()
            .compose(connection -> greet(connection).map(id -> new Line(client, connection, id)))
            .timeout(DIAL.toMillis(), TimeUnit.MILLISECONDS);
    return line.recover(
        failure -> client.close().transform(closed -> Future.failedFuture(told(failure))));
  }

  private Future<String> greet(RedisConnection connection) {
    // The client itself authenticates only where it is told to: the default user may need nothing.
    Future<?> known =
        settings.credentials().isEmpty()
            ? Future.succeededFuture()
            : connection.send(authentication(settings.credentials()));
    Future<Response> info = connection.send(Request.cmd(Command.INFO).arg("server"));
    List<Future<Response>> loads = new ArrayList<>();
    for (Script script : Script.values()) {
      loads.add(connection.send(Request.cmd(Command.SCRIPT).arg("LOAD").arg(script.source())));
    }
    return known
        .compose(authenticated -> info)
        .map(answer -> checked(answer.toString()))
        .compose(id -> Future.all(loads).map(id));
  }

  private static Request authentication(List<String> credentials) {
    Request request = Request.cmd(Command.AUTH);
    credentials.forEach(request::arg);
    return request;
  }

  private static String checked(String info) {
    Matcher version = VERSION.matcher(info);
    if (!version.find()
        || Integer.parseInt(version.group(1)) * 100 + Integer.parseInt(version.group(2)) < 602) {
      throw new HopelessException(
          "the server's version: "
              + (version.hitEnd()
                  ? "unknown"
                  : version.group().substring("redis_version:".length()))
              + " (expected: >= 6.2)");
    }
    Matcher runId = RUN_ID.matcher(info);
    return runId.find() ? runId.group(1) : "";
  }

  private Throwable told(Throwable failure) {
    if (failure instanceof HopelessException) {
      return failure;
    }
    String message = String.valueOf(failure.getMessage());
    if (failure instanceof SSLException || failure.getCause() instanceof SSLException) {
      return new HopelessException("TLS: " + message);
    }
    if (failure instanceof ErrorType && HOPELESS.matcher(message).matches()) {
      return new HopelessException(message);
    }
    return new BackplaneException(
        Reason.UNAVAILABLE, "no connection to " + settings.server() + ": " + message);
  }

  private RedisOptions options(Duration silence) {
    var net =
        new NetClientOptions()
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpKeepAlive(true)
            .setReadIdleTimeout((int) silence.toMillis())
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    if (settings.isTls()) {
      net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
      if (settings.authorities() != null) {
        net.setTrustOptions(new PemTrustOptions().addCertPath(settings.authorities()));
      }
    }
    return new RedisOptions()
        .setConnectionString(settings.uri())
        .setNetClientOptions(net)
        .setProtocolNegotiation(false)
        .setMaxPoolSize(1)
        .setMaxPoolWaiting(1)
        .setPoolRecycleTimeout(-1)
        .setPoolCleanerInterval(-1)
        .setMaxWaitingHandlers(WAITING_AT_MOST);
  }
}
