package io.tidegate.gateway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of compose.yaml, run as they stand there but for ports and directories. */
final class ComposeIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  private final ComposeFile compose = ComposeFile.shipped();
  private final String port = Integer.toString(Ports.free());
  private Process redis;

  @BeforeEach
  void start() throws IOException {
    Requires.program("redis-cli");
    List<String> command = new ArrayList<>(compose.command("redis"));
    command.set(0, Requires.program(command.get(0)).toString());
    command.replaceAll(argument -> argument.equals("/data") ? directory.toString() : argument);
    command.addAll(List.of("--bind", "127.0.0.1", "--port", port));
    redis =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("redis.log").toFile())
            .start();
    await().atMost(PATIENCE).until(() -> check().exitCode() == 0);
  }

  @AfterEach
  void end() {
    if (redis != null) {
      redis.destroyForcibly();
    }
  }

  /** The health check as it stands there. */
  private Program.Outcome check() throws IOException, InterruptedException {
    List<String> test = compose.healthcheck("redis");
    assertThat(test.get(0)).isEqualTo("CMD-SHELL");
    return shell(test.get(1));
  }

  private Program.Outcome shell(String line) throws IOException, InterruptedException {
    String password = compose.service("redis").path("environment").path("REDISCLI_AUTH").asText();
    String here = line.replace("redis-cli", "redis-cli -p " + port);
    return Program.run(
        directory, PATIENCE, List.of("env", "REDISCLI_AUTH=" + password, "sh", "-c", here));
  }

  @Test
  void redisKeepsEverythingAndEvictsNothing() throws Exception {
    assertThat(shell("redis-cli config get maxmemory-policy").output()).contains("noeviction");
    assertThat(shell("redis-cli config get appendonly").output()).contains("yes");
    assertThat(shell("redis-cli config get maxmemory").output()).contains("536870912");
    assertThat(shell("redis-cli set kept 1").output()).contains("OK");

    redis.destroy();
    assertThat(redis.waitFor()).isZero();
    start();

    assertThat(shell("redis-cli get kept").output()).contains("1");
  }

  @Test
  void redisAnswersNobodyWithoutThePassword() throws Exception {
    List<String> stranger = List.of("redis-cli", "-p", port, "ping");

    assertThat(Program.run(directory, PATIENCE, stranger).output()).contains("NOAUTH");
  }

  @Test
  void theHealthCheckNoticesThatRedisIsGone() throws Exception {
    redis.destroyForcibly();
    assertThat(redis.waitFor()).isNotZero();

    assertThat(check().exitCode()).isNotZero();
  }

  @Test
  void theCommandOfTheNodesIsOneThatTheLauncherKnows() {
    assertThat(Stream.of("gateway-1", "gateway-2").map(compose::command))
        .containsOnly(List.of("serve", "--config", "/etc/tidegate/tidegate.yaml"));
  }
}
