package io.tidegate.backplane;

import static io.tidegate.backplane.Futures.await;
import static io.tidegate.backplane.Futures.awaitAll;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.ServiceInbox.Consumption;
import io.tidegate.backplane.ServiceMessage.Kind;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;

/** What the suites of {@link ServiceInbox} share. */
public abstract class ServiceInboxSuite extends ContractSuite {
  protected static final InboxPolicy ROOMY = new InboxPolicy(1_600);
  protected static final Duration LONG = Duration.ofSeconds(30);

  private final List<Consumption> consumptions = new ArrayList<>();
  private final List<ServiceDesk> desks = new ArrayList<>();
  private int ids;

  @AfterEach
  void closeConsumptions() {
    List<Future<Void>> closing = consumptions.stream().map(Consumption::close).toList();
    desks.forEach(ServiceDesk::finishAll);
    awaitAll(closing);
    consumptions.clear();
    desks.clear();
  }

  /** One that holds every message until the test, or its end, finishes it. */
  protected final ServiceDesk holding() {
    ServiceDesk desk = ServiceDesk.holding();
    desks.add(desk);
    return desk;
  }

  protected final String nextId() {
    return channel("m" + ++ids);
  }

  protected final String service() {
    return channel("service");
  }

  protected final ConsumerSettings settings(String group) {
    return new ConsumerSettings(service(), group, 2 * ServiceInbox.SHARDS, LONG);
  }

  @CanIgnoreReturnValue
  protected final Consumption consume(
      TestNode node, ConsumerSettings settings, ServiceHandler handler) {
    Consumption consumption = await(node.inbox().consume(settings, handler));
    consumptions.add(consumption);
    return consumption;
  }

  /** For a node that ends before the test does: nothing is left to close then. */
  protected static void consumeUntilCrash(
      TestNode node, ConsumerSettings settings, ServiceHandler handler) {
    Consumption consumption = await(node.inbox().consume(settings, handler));
    assertThat(consumption).isNotNull();
  }

  protected final String send(TestNode from, String client) {
    ServiceMessage message = message(client);
    await(from.inbox().append(service(), ROOMY, message));
    return message.id();
  }

  protected final ServiceMessage message(String client) {
    return message(client, Kind.SEND, "", 0);
  }

  protected final ServiceMessage message(String client, Payload data) {
    return new ServiceMessage(nextId(), Kind.SEND, "", data, client(client), 1, 0);
  }

  protected final ServiceMessage message(String client, Kind kind, String method, long expires) {
    return new ServiceMessage(
        nextId(), kind, method, Payload.utf8("x"), client(client), 1, expires);
  }

  protected final Future<ServiceAnswer> soon() {
    Promise<ServiceAnswer> answer = Promise.promise();
    vertx().runOnContext(later -> answer.complete(ServiceAnswer.NONE));
    return answer.future();
  }

  protected static Future<ServiceAnswer> noted(
      List<ServiceDelivery> notes, ServiceDelivery delivery, ServiceDesk desk) {
    notes.add(delivery);
    return desk.handle(delivery);
  }

  /** A client whose messages are in another shard than those of {@code client}. */
  protected final String clientElsewhere(String client) {
    int shard = message(client).shard();
    return IntStream.range(0, 1_000)
        .mapToObj(i -> client + "-" + i)
        .filter(other -> message(other).shard() != shard)
        .findFirst()
        .orElseThrow();
  }
}
