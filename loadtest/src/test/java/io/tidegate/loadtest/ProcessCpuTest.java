package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessCpuTest {
  @Test
  void addsUserAndSystemTime() {
    String stat = "42 (a (strange) name) S 1 42 42 0 -1 4194560 100 0 0 0 1234 66 0 0 20 0 31 0 99";
    assertThat(ProcessCpu.parse(stat)).isEqualTo(13.0);
  }
}
