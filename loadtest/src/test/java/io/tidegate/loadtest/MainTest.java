package io.tidegate.loadtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.TypeConversionException;

final class MainTest {
  @Test
  void wrongUsageExitsWithTwoAndNamesTheOption() {
    assertThat(complaint("fanout", "--connections", "0")).contains("--connections: '0'");
    assertThat(complaint("fanout", "--url", "http://127.0.0.1/")).contains("--url");
    assertThat(complaint("fanout", "--payload", "3")).contains("--payload: '3'");
    assertThat(complaint("fanout", "--duration", "10")).contains("'10'");
    assertThat(complaint("fanout", "--rate", "5", "--closed-loop")).contains("mutually exclusive");
    assertThat(complaint("mesh", "--room", "0")).contains("--room: '0'");
    assertThat(complaint("idle", "--channels", "-1")).contains("--channels: '-1'");
    assertThat(complaint("connect", "--rate", "0")).contains("--rate: '0.0'");
    assertThat(complaint("idle", "--pid", "999999999")).contains("--pid: '999999999'");
    assertThat(complaint("idle", "--heap")).contains("--heap", "--pid");
    assertThat(complaint("fanout", "--until-delivered")).contains("--until-delivered");
    assertThat(complaint("fanout", "--publishers", "2", "--publishing-connections", "3"))
        .contains("--publishing-connections: '3'");
    assertThat(complaint("pairs", "--dialect", "nats", "--closed-loop")).contains("--closed-loop");
    assertThat(
            complaint("fanout", "--dialect", "bare", "--publish-by", "clients", "--channels", "2"))
        .contains("--channels: '2'");
    assertThat(complaint("pairs", "--connections", "3")).contains("--connections: '3'");
    assertThat(complaint("idle", "--json", "/no/such/directory/x")).contains("--json");
    assertThat(complaint("idle", "--max-memory", "8")).contains("'8'");
    assertThat(complaint("no-such-scenario")).contains("no-such-scenario");
  }

  @Test
  void moreConnectionsThanFilesAreRefusedWithTheLimit() {
    assertThat(complaint("idle", "--connections", "2000000000"))
        .contains("--connections: '2000000000'", "files", "ulimit -n");
    String limits = "Max open files            20000                40000                files";
    assertThat(Crowd.filesAtMost(limits)).isEqualTo(20_000);
    assertThat(Crowd.ports("32768\t60999\n")).isEqualTo(28_232);
  }

  @Test
  void secretsAreNotToldInComplaints() {
    String secret = "short-but-secret";
    assertThat(complaint("idle", "--secret", secret))
        .contains("--secret: '...' (expected: at least 32 bytes)")
        .doesNotContain(secret);
  }

  @Test
  void aServerThatIsNotThereExitsWithOne() {
    assertThat(Main.run("fanout", "--connections", "1", "--url", "ws://127.0.0.1:1/")).isEqualTo(1);
  }

  @Test
  void durationsAndSizesHaveAUnit() {
    var durations = new DurationConverter();
    assertThat(durations.convert("250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(durations.convert("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThatThrownBy(() -> durations.convert("5")).isInstanceOf(TypeConversionException.class);
    assertThat(new SizeConverter().convert("8KiB")).isEqualTo(8192);
    assertThatThrownBy(() -> new SizeConverter().convert("8"))
        .isInstanceOf(TypeConversionException.class);
  }

  private static String complaint(String... arguments) {
    var text = new StringWriter();
    CommandLine command = Main.commandLine().setErr(new PrintWriter(text));
    assertThat(command.execute(arguments)).isEqualTo(2);
    return text.toString();
  }
}
