package io.tidegate.gateway.service;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.ServiceMessage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service behind HTTP/1.1: one signed POST per message, never repeated, redirects not followed.
 * As many are under way as there may be connections; a bounded number waits for one. Thread-safe.
 */
final class HttpService implements Service {
  private static final Logger log = LoggerFactory.getLogger(HttpService.class);

  // Below the 5 s after which common servers close an idle connection: a request that meets the
  // close would fail, and is not repeated.
  private static final int KEEP_ALIVE_SECONDS = 4;

  private final ServiceSettings.Http settings;
  private final String nodeId;
  private final Vertx vertx;
  private final Clock clock;
  private final WebhookSigner signer;
  private final HttpClient client;
  private final CircuitBreaker breaker;
  private final AtomicInteger admitted = new AtomicInteger();

  HttpService(ServiceSettings.Http settings, String nodeId, Vertx vertx, Clock clock) {
    this.settings = settings;
    this.nodeId = nodeId;
    this.vertx = vertx;
    this.clock = clock;
    this.signer = new WebhookSigner(settings.secrets());
    this.client = vertx.createHttpClient(options(settings), pool(settings));
    this.breaker = CircuitBreaker.of(settings.name(), breaker(settings.breaker(), clock));
    breaker
        .getEventPublisher()
        .onStateTransition(
            e ->
                log.warn(
                    "service circuit service={} state={}",
                    settings.name(),
                    e.getStateTransition().getToState()));
  }

  private static HttpClientOptions options(ServiceSettings.Http settings) {
    var options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
            .setConnectTimeout(Math.toIntExact(settings.timeout().toMillis()))
            .setVerifyHost(true);
    if (settings.certificateAuthority() != null) {
      options.setTrustOptions(
          new PemTrustOptions().addCertPath(settings.certificateAuthority().toString()));
    }
    return options;
  }

  private static PoolOptions pool(ServiceSettings.Http settings) {
    return new PoolOptions()
        .setHttp1MaxSize(settings.concurrency())
        .setMaxWaitQueueSize(-1); // Bounded by what is admitted.
  }

  private static CircuitBreakerConfig breaker(BreakerSettings settings, Clock clock) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(settings.calls(), settings.calls(), SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(settings.failureRate())
        .waitDurationInOpenState(settings.pause())
        .permittedNumberOfCallsInHalfOpenState(1)
        .writableStackTraceEnabled(false)
        .clock(clock)
        .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
        .build();
  }

  @Override
  public Future<ServiceAnswer> request(ServiceMessage message) {
    if (admitted.incrementAndGet() > settings.concurrency() + settings.waiting()) {
      admitted.decrementAndGet();
      return Future.failedFuture(new ServiceException(Outcome.OVERLOADED));
    }
    return admitted(message).onComplete(done -> admitted.decrementAndGet());
  }

  private Future<ServiceAnswer> admitted(ServiceMessage message) {
    if (!breaker.tryAcquirePermission()) {
      return Future.failedFuture(new ServiceException(Outcome.CIRCUIT_OPEN));
    }
    long start = breaker.getCurrentTimestamp();
    return post(message)
        .map(HttpAnswers::read)
        .onSuccess(answer -> breaker.onSuccess(since(start), breaker.getTimestampUnit()))
        .onFailure(e -> judge(e, start));
  }

  @Override
  public Future<ServiceAnswer> send(ServiceMessage message) {
    return request(message);
  }

  @Override
  public Future<Void> close() {
    return client.close();
  }

  private Future<Exchange.Answer> post(ServiceMessage message) {
    byte[] data = message.data().bytes();
    long seconds = clock.millis() / 1000;
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    CloudEvent.write(message, nodeId, headers);
    headers.set("webhook-id", message.id());
    headers.set("webhook-timestamp", Long.toString(seconds));
    headers.set("webhook-signature", signer.sign(message.id(), seconds, data));
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(settings.url().toString())
            .setHeaders(headers);
    return Exchange.run(vertx, client, options, data, settings.timeout(), settings.maxAnswer());
  }

  private void judge(Throwable failure, long start) {
    Outcome outcome = failure instanceof ServiceException e ? e.outcome() : Outcome.BROKEN;
    log.debug("service call failed service={} outcome={}", settings.name(), outcome, failure);
    if (outcome.isFailure()) {
      breaker.onError(since(start), breaker.getTimestampUnit(), failure);
    } else {
      breaker.onSuccess(since(start), breaker.getTimestampUnit());
    }
  }

  private long since(long start) {
    return Math.max(0, breaker.getCurrentTimestamp() - start);
  }
}
