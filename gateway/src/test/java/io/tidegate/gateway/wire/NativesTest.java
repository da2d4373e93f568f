package io.tidegate.gateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class NativesTest {
  @Test
  void theInnermostFailureIsTheProblem() {
    var cause = new UnsatisfiedLinkError("/tmp/lib.so: failed to map segment\nand more");
    var failure = new ExceptionInInitializerError(new IllegalStateException("loading", cause));

    assertThat(Natives.problem(failure)).isEqualTo("/tmp/lib.so: failed to map segment");
  }

  @Test
  void withoutAFailureThereIsNoLibrary() {
    assertThat(Natives.problem(null)).isEqualTo("no native library for this system");
  }
}
