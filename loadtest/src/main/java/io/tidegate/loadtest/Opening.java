package io.tidegate.loadtest;

import io.tidegate.loadtest.client.Client;
import io.tidegate.loadtest.client.ClientException;
import io.tidegate.loadtest.client.Errand;
import io.tidegate.loadtest.client.Fleet;
import io.tidegate.loadtest.client.RunClock;
import io.tidegate.loadtest.measure.Failures;
import io.tidegate.loadtest.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Opens the clients of a run, some at a time. Confined to the main thread. */
final class Opening {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final List<Client> clients = new ArrayList<>();
  private final Failures failures = new Failures();
  private boolean positioned = true;
  private int pingSeconds;
  private double seconds;

  /** Opens so many more, or until {@code stop} is done; returns when all are open or failed. */
  void open(
      Fleet fleet,
      RunClock clock,
      int count,
      int atOnce,
      IntFunction<Errand> errands,
      Meter meter,
      CompletableFuture<Void> stop)
      throws InterruptedException {
    long started = System.nanoTime();
    long told = started;
    int first = clients.size();
    var permits = new Semaphore(atOnce);
    for (int i = 0; i < count && !stop.isDone(); ) {
      if (Waiting.permit(permits, SECOND)) {
        Client client = fleet.open(errands.apply(i), clock);
        clients.add(client);
        i++;
        CompletableFuture<Client.Ready> unused =
            client.ready().whenComplete((ready, failure) -> permits.release());
      }
      if (System.nanoTime() - told > SECOND) {
        told = System.nanoTime();
        meter.say("opening: " + (clients.size() - atOnce + permits.availablePermits()));
      }
    }
    // Each ends within the fleet's deadline, one way or the other.
    while (!Waiting.permits(permits, atOnce, SECOND)) {
      meter.say("opening: " + (clients.size() - atOnce + permits.availablePermits()));
    }
    seconds += (System.nanoTime() - started) / 1e9;
    clients.subList(first, clients.size()).forEach(this::judge);
  }

  private void judge(Client client) {
    CompletableFuture<Object> unused =
        client
            .ready()
            .handle(
                (ready, failure) -> {
                  if (ready == null) {
                    failures.add(ClientException.kind(failure));
                  } else {
                    positioned &= ready.positioned() || !client.subscribes();
                    pingSeconds = ready.pingSeconds();
                  }
                  return ready;
                });
  }

  List<Client> clients() {
    return clients;
  }

  long opened() {
    return clients.size() - failures.total();
  }

  boolean positioned() {
    return positioned;
  }

  int pingSeconds() {
    return pingSeconds;
  }

  Failures failures() {
    return failures;
  }

  /** As it stands now: clients that were of use and are so no more are lost. */
  Report.Connections report(long wanted) {
    var lost = new Failures();
    for (Client client : clients) {
      boolean wasOpen = client.ready().isDone() && !client.ready().isCompletedExceptionally();
      if (wasOpen && client.gone().isDone()) {
        lost.add(client.gone().getNow(""));
      }
    }
    return new Report.Connections(
        wanted,
        opened(),
        seconds == 0 ? 0 : opened() / seconds,
        failures.kinds(),
        lost.total(),
        lost.kinds());
  }
}
