package io.tidegate.gateway.edge;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The demo page of {@code dev}, and the endpoint that hands it a token. Thread-safe.
 *
 * <p>Whoever can read {@code /demo/token} is a user, so only pages of this very origin may: no
 * other origin is granted access (CORS), and a request whose {@code Host} is not this machine is
 * refused, or else a page of a foreign name that is made to resolve to 127.0.0.1 (DNS rebinding)
 * would be of this origin.
 */
public final class DemoRoutes implements Handler<HttpServerRequest> {
  private static final Logger log = LoggerFactory.getLogger(DemoRoutes.class);
  private static final String RESOURCES = "/io/tidegate/gateway/demo/";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  private static final Set<String> HOSTS = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private record Page(String type, Buffer body) {}

  private final DemoSettings settings;
  private final Map<String, Page> pages =
      Map.of(
          "/", page("index.html", "text/html; charset=utf-8"),
          "/demo.js", page("demo.js", "text/javascript; charset=utf-8"),
          "/demo.css", page("demo.css", "text/css; charset=utf-8"),
          "/icon.svg", page("icon.svg", "image/svg+xml"),
          "/centrifuge.js", page("vendor/centrifuge.js", "text/javascript; charset=utf-8"));

  /** Reads the files of the page, so it belongs to the start of a node. */
  public DemoRoutes(DemoSettings settings) {
    this.settings = settings;
  }

  @Override
  public void handle(HttpServerRequest request) {
    HostAndPort authority = request.authority();
    Page page = pages.get(request.path());
    if (authority == null || !HOSTS.contains(authority.host().toLowerCase(Locale.ROOT))) {
      answer(request, 421, "text/plain", Buffer.buffer("expected: Host localhost\n"));
    } else if (!READS.contains(request.method())) {
      request.response().putHeader("allow", "GET, HEAD");
      answer(request, 405, "text/plain", Buffer.buffer("expected: GET\n"));
    } else if (page != null) {
      answer(request, 200, page.type(), page.body());
    } else if (request.path().equals("/demo/token")) {
      answer(request, 200, "application/json", token());
    } else {
      answer(request, 404, "text/plain", Buffer.buffer("expected: /\n"));
    }
  }

  private Buffer token() {
    return new JsonObject()
        .put("node", settings.node())
        .put("channel", settings.channel())
        .put("token", settings.newToken().get())
        .toBuffer();
  }

  private static void answer(HttpServerRequest request, int status, String type, Buffer body) {
    HttpServerResponse response =
        request
            .response()
            .setStatusCode(status)
            .putHeader(HttpHeaders.CONTENT_TYPE, type)
            .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
            .putHeader("content-security-policy", POLICY)
            .putHeader("x-content-type-options", "nosniff")
            .putHeader("referrer-policy", "no-referrer")
            .putHeader("cross-origin-resource-policy", "same-origin");
    response.end(body).onFailure(gone -> log.debug("demo answer not sent path={}", request.path()));
  }

  private static Page page(String name, String type) {
    try (InputStream in = DemoRoutes.class.getResourceAsStream(RESOURCES + name)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCES + name + ": not in the jar");
      }
      return new Page(type, Buffer.buffer(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCES + name, e);
    }
  }
}
