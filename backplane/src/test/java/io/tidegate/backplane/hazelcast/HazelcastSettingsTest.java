package io.tidegate.backplane.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class HazelcastSettingsTest {
  @Test
  void defaultsStayOnLoopback() {
    assertThat(HazelcastSettings.defaults().host()).isEqualTo("127.0.0.1");
  }

  @Test
  void badValuesAreNamedWithWhatWasExpected() {
    refused(() -> with("", 5701, List.of()), "clusterName: '' (expected: a name)");
    refused(() -> with("c", 0, List.of()), "port: 0 (expected: 1 to 65535)");
    refused(() -> with("c", 5701, List.of("nowhere")), "members: 'nowhere' (expected: host:port)");
  }

  private static HazelcastSettings with(String cluster, int port, List<String> members) {
    return new HazelcastSettings(
        cluster, "127.0.0.1", port, 1, members, 1, Duration.ofSeconds(5), 10);
  }

  private static void refused(Supplier<HazelcastSettings> making, String message) {
    assertThatIllegalArgumentException().isThrownBy(making::get).withMessage(message);
  }
}
