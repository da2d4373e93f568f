package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.TypeConversionException;

final class MainTest {
  @Test
  void wrongUsageExitsWithTwo() {
    assertThat(Main.run("fanout", "--subscribers", "0")).isEqualTo(2);
    assertThat(Main.run("fanout", "--url", "http://127.0.0.1/")).isEqualTo(2);
    assertThat(Main.run("fanout", "--payload", "3")).isEqualTo(2);
    assertThat(Main.run("fanout", "--duration", "10")).isEqualTo(2);
    assertThat(Main.run("no-such-scenario")).isEqualTo(2);
  }

  @Test
  void aServerThatIsNotThereExitsWithOne() {
    assertThat(Main.run("fanout", "--subscribers", "1", "--url", "ws://127.0.0.1:1/")).isEqualTo(1);
  }

  @Test
  void durationsHaveAUnit() {
    var converter = new DurationConverter();
    assertThat(converter.convert("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(converter.convert("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThatThrownBy(() -> converter.convert("5")).isInstanceOf(TypeConversionException.class);
  }
}
