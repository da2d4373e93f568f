package io.tidegate.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class JavaHeapTest {
  @Test
  void readsTheTotalOfAHistogram() {
    String text =
        "42:\n num  #instances\n   1:   26474   3821856  [B\nTotal        151821       12040720\n";
    assertThat(JavaHeap.total(text)).hasValue(12_040_720);
    assertThat(JavaHeap.total("42:\njava.io.IOException: no\n")).isEmpty();
  }

  @Test
  void tellsWhatIsAliveInAJavaProcess() throws Exception {
    long pid = ProcessHandle.current().pid();
    long before = JavaHeap.live(pid).orElseThrow();
    byte[] kept = new byte[8 << 20];
    assertThat(JavaHeap.live(pid).orElseThrow()).isGreaterThan(before + (kept.length / 2));
    kept[0] = 1;
  }

  @Test
  void aProcessThatIsNotJavasHasNoneAndGoesOn() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    OptionalLong live = JavaHeap.live(process.pid());
    boolean alive = process.isAlive();
    process.destroyForcibly();
    assertThat(live).isEmpty();
    assertThat(alive).isTrue();
  }
}
