package io.tidegate.backplane;

import static java.util.Objects.requireNonNull;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A service's handler that writes down what it gets, and answers as a test tells it to. */
public final class ServiceDesk implements ServiceHandler {
  private final List<ServiceDelivery> got = new CopyOnWriteArrayList<>();
  private final Map<String, Promise<ServiceAnswer>> open = new ConcurrentHashMap<>();
  private final Function<ServiceDelivery, Future<ServiceAnswer>> behaviour;

  private ServiceDesk(Function<ServiceDelivery, Future<ServiceAnswer>> behaviour) {
    this.behaviour = behaviour;
  }

  public static ServiceDesk acknowledging() {
    return answering(delivery -> Future.succeededFuture(ServiceAnswer.NONE));
  }

  static ServiceDesk answering(Function<ServiceDelivery, Future<ServiceAnswer>> behaviour) {
    return new ServiceDesk(behaviour);
  }

  /** One that holds every message until {@link #finish}. */
  static ServiceDesk holding() {
    return new ServiceDesk(delivery -> Promise.<ServiceAnswer>promise().future());
  }

  @Override
  public Future<ServiceAnswer> handle(ServiceDelivery delivery) {
    Promise<ServiceAnswer> answer = Promise.promise();
    open.put(delivery.message().id(), answer);
    got.add(delivery);
    behaviour.apply(delivery).onComplete(done -> finish(answer, done));
    return answer.future();
  }

  void finish(String id) {
    requireNonNull(open.get(id), id).complete(ServiceAnswer.NONE);
  }

  void finishAll() {
    open.values().forEach(answer -> answer.tryComplete(ServiceAnswer.NONE));
  }

  public List<String> ids() {
    return got.stream().map(delivery -> delivery.message().id()).toList();
  }

  List<String> idsOf(String client) {
    return got.stream()
        .map(ServiceDelivery::message)
        .filter(message -> message.client().client().equals(client))
        .map(ServiceMessage::id)
        .toList();
  }

  List<ServiceDelivery> got() {
    return List.copyOf(got);
  }

  List<Integer> attemptsOf(String id) {
    return got.stream()
        .filter(delivery -> delivery.message().id().equals(id))
        .map(ServiceDelivery::attempt)
        .toList();
  }

  private static void finish(Promise<ServiceAnswer> answer, AsyncResult<ServiceAnswer> done) {
    if (done.succeeded()) {
      answer.tryComplete(done.result());
    } else {
      answer.tryFail(done.cause());
    }
  }
}
