package io.tidegate.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessWatchTest {
  @Test
  void addsUserAndSystemTime() {
    String stat = "42 (a (strange) name) S 1 42 42 0 -1 4194560 100 0 0 0 1234 66 0 0 20 0 31 0 99";
    assertThat(ProcessWatch.cpuSeconds(stat)).isEqualTo(13.0);
  }

  @Test
  void readsResidentMemory() {
    assertThat(ProcessWatch.rssBytes("VmPeak:\t 9 kB\nVmRSS:\t     12 kB\n")).isEqualTo(12 * 1024);
    assertThat(ProcessWatch.rssBytes("Name:\tzombie\n")).isZero();
  }

  @Test
  void aProcessThatEndsKeepsItsLastReading() throws Exception {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessWatch watch = ProcessWatch.of(process.pid()).orElseThrow();
    ProcessWatch.Reading alive = watch.read();
    assertThat(alive.rssBytes()).isPositive();
    assertThat(watch.ended()).isFalse();
    process.destroyForcibly();
    assertThat(process.waitFor()).isNotZero();
    assertThat(watch.read().cpuSeconds()).isGreaterThanOrEqualTo(alive.cpuSeconds());
    assertThat(watch.ended()).isTrue();
    assertThat(ProcessWatch.of(process.pid())).isEmpty();
  }
}
