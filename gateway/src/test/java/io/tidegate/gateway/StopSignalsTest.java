package io.tidegate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StopSignalsTest {
  private final AtomicInteger stops = new AtomicInteger();
  private final AtomicInteger halts = new AtomicInteger();

  private static void raise(String name) throws Exception {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Object one = signal.getConstructor(String.class).newInstance(name);
    assertThat(signal.getMethod("raise", signal).invoke(null, one)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void theFirstAsksToStopAndTheNextEndsAtOnce(String name) throws Exception {
    StopSignals signals = StopSignals.install(stops::incrementAndGet, halts::incrementAndGet);
    try {
      raise(name);
      await().untilAsserted(() -> assertThat(stops).hasValue(1));
      assertThat(halts).hasValue(0);
      raise("TERM");
      await().untilAsserted(() -> assertThat(halts).hasValue(1));
      assertThat(stops).hasValue(1);
    } finally {
      signals.uninstall();
    }
  }

  @Test
  void whatWasThereBeforeIsPutBack() throws Exception {
    StopSignals outer = StopSignals.install(stops::incrementAndGet, halts::incrementAndGet);
    try {
      StopSignals.install(halts::incrementAndGet, halts::incrementAndGet).uninstall();
      raise("TERM");
      await().untilAsserted(() -> assertThat(stops).hasValue(1));
      assertThat(halts).hasValue(0);
    } finally {
      outer.uninstall();
    }
  }
}
