package io.tidegate.gateway.service;

import io.tidegate.gateway.testing.TestNode;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service of a test behind HTTP: records what comes, and answers as it is told. */
public final class Backend implements AutoCloseable {
  /** What came in. */
  public record Received(String path, MultiMap headers, String body) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final String scheme;
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
  private volatile Handler<HttpServerRequest> answer = answering(200, "{}");

  public Backend() {
    this(new HttpServerOptions());
  }

  public Backend(HttpServerOptions options) {
    scheme = options.isSsl() ? "https" : "http";
    server =
        TestNode.await(
            vertx
                .createHttpServer(options)
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  received.add(
                                      new Received(
                                          request.path(), request.headers(), body.toString()));
                                  answer.handle(request);
                                }))
                .listen(0, "127.0.0.1"));
  }

  public URI url(String host) {
    return URI.create(scheme + "://" + host + ":" + server.actualPort() + "/messages");
  }

  public URI url() {
    return url("127.0.0.1");
  }

  public int port() {
    return server.actualPort();
  }

  /** How requests are answered from now on. */
  public void answers(Handler<HttpServerRequest> with) {
    answer = with;
  }

  public void answers(int status, String body) {
    answers(answering(status, body));
  }

  /** Holds requests until {@link #release}. */
  public void holds() {
    answers(held::add);
  }

  public List<Received> received() {
    return received;
  }

  /** Answers the requests that are held. */
  public void release(String body) {
    List<HttpServerRequest> waiting = List.copyOf(held);
    held.removeAll(waiting);
    waiting.forEach(answering(200, body)::handle);
  }

  private static Handler<HttpServerRequest> answering(int status, String body) {
    return request -> request.response().setStatusCode(status).end(body).onFailure(e -> {});
  }

  @Override
  public void close() {
    TestNode.await(vertx.close());
  }
}
