package io.tidegate.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many asynchronous steps, a few at once. */
final class InOrderTest {
  @Test
  void resultsAreInTheItemsOrderWhateverFinishesFirst() {
    var promises = new ArrayList<Promise<String>>();
    Future<List<String>> results =
        InOrder.map(
            List.of(0, 1, 2),
            2,
            item -> {
              Promise<String> promise = Promise.promise();
              promises.add(promise);
              return promise.future();
            });
    assertThat(promises).hasSize(2);
    promises.get(1).complete("one");
    assertThat(promises).hasSize(3);
    promises.get(2).complete("two");
    assertThat(results.isComplete()).isFalse();
    promises.get(0).complete("zero");
    assertThat(results.result()).containsExactly("zero", "one", "two");
  }

  @Test
  void stepsThatAreDoneAtOnceDoNotNest() {
    List<Integer> items = IntStream.range(0, 100_000).boxed().toList();
    assertThat(InOrder.map(items, 1, item -> Future.succeededFuture(-item)).result())
        .hasSize(100_000)
        .endsWith(-99_999);
  }

  @Test
  void failureFailsAllAndStartsNothingMore() {
    var started = new ArrayList<Integer>();
    Future<List<Object>> results =
        InOrder.map(
            List.of(0, 1, 2),
            1,
            item -> {
              started.add(item);
              return Future.failedFuture("no");
            });
    assertThat(results.cause()).hasMessage("no");
    assertThat(started).containsExactly(0);
  }

  @Test
  void nothingIsDoneForNothing() {
    assertThat(InOrder.map(List.of(), 1, item -> Future.failedFuture("no")).result()).isEmpty();
  }

  @Test
  void stepThatThrowsFailsTheWhole() {
    Future<List<Integer>> all =
        InOrder.map(
            List.of(1, 2),
            1,
            item -> {
              throw new IllegalStateException("as intended");
            });
    assertThat(all.cause()).hasMessage("as intended");
  }
}
