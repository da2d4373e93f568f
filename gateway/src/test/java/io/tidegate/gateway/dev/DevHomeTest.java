package io.tidegate.gateway.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tidegate.gateway.config.Config;
import io.tidegate.gateway.config.ConfigLoader;
import io.tidegate.gateway.config.ConfigSource;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevHomeTest {
  @TempDir Path directory;

  private DevHome home(Clock clock) {
    return new DevHome(directory.resolve("a").resolve("dev"), clock, new SecureRandom());
  }

  @Test
  void whatIsMadeOnceIsKept() throws Exception {
    DevState first = home(Clock.systemUTC()).open();
    byte[] certificate = Files.readAllBytes(first.certificate());
    DevState second = home(Clock.systemUTC()).open();
    assertThat(second).isEqualTo(first);
    assertThat(Files.readAllBytes(second.certificate())).isEqualTo(certificate);
    assertThat(first.hmacSecret()).hasSize(64).isNotEqualTo(first.apiKey());
    assertThat(first.toString()).doesNotContain(first.hmacSecret(), first.apiKey());
  }

  @Test
  void onlyTheOwnerMayReadIt() throws Exception {
    assumeThat(directory.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path place = directory.resolve("a").resolve("dev");
    Files.createDirectories(place);
    var open = Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rwxrwxrwx"));
    DevState state = home(Clock.systemUTC()).open();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(open)))
        .isEqualTo("rwx------");
    try (var files = Files.list(state.directory())) {
      assertThat(files.toList())
          .hasSizeGreaterThanOrEqualTo(4)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .as(file.toString())
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void twoThatStartAtOnceSeeTheSame() throws Exception {
    // Threads of one JVM cannot wait for each other's file lock, so each is a process of its own.
    Callable<String> open = () -> openInAnotherProcess(directory.resolve("both"));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<String>> states = threads.invokeAll(List.of(open, open));
      assertThat(states.get(0).get()).isNotBlank().isEqualTo(states.get(1).get());
    } finally {
      threads.shutdownNow();
    }
  }

  private static String openInAnotherProcess(Path place) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Opener.class.getName(),
                place.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).isZero();
    return answer;
  }

  /** The process of {@link #twoThatStartAtOnceSeeTheSame}. */
  static final class Opener {
    private Opener() {}

    public static void main(String[] args) throws Exception {
      DevState state = new DevHome(Path.of(args[0]), Clock.systemUTC(), new SecureRandom()).open();
      System.out.println(state.hmacSecret() + state.apiKey());
      System.out.println(Files.readString(state.certificate()) + Files.readString(state.key()));
    }
  }

  @Test
  void theCertificateIsForThisMachineAndRenewedInTime() throws Exception {
    DevState state = home(Clock.systemUTC()).open();
    X509Certificate first = certificate(state);
    assertThat(first.getSubjectAlternativeNames().stream().map(name -> name.get(1).toString()))
        .contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    DevState later = home(Clock.offset(Clock.systemUTC(), Duration.ofDays(824))).open();
    assertThat(certificate(later)).isNotEqualTo(first);
    assertThat(later.hmacSecret()).isEqualTo(state.hmacSecret());
  }

  @Test
  void whatWasCutOffIsMadeAnew() throws Exception {
    DevState state = home(Clock.systemUTC()).open();
    assertThat(Files.writeString(state.directory().resolve("api_key"), "cut")).exists();
    assertThat(Files.writeString(state.certificate(), "-----BEGIN")).exists();
    DevState mended = home(Clock.systemUTC()).open();
    assertThat(mended.apiKey()).hasSize(64);
    assertThat(certificate(mended)).isNotNull();
  }

  @Test
  void theConfigurationOfDevIsGoodAndOnLoopback() throws Exception {
    Config config = load(home(Clock.systemUTC()).open());
    assertThat(config.listen().host()).isEqualTo("127.0.0.1");
    assertThat(config.internal().host()).isEqualTo("127.0.0.1");
    assertThat(config.internal().keys()).hasSize(1);
    assertThat(config.ops().host()).isEqualTo("127.0.0.1");
    assertThat(config.backplane().hazelcast().host()).isEqualTo("127.0.0.1");
    assertThat(config.namespaces().get(0).stream().historySize()).isEqualTo(100);
    assertThat(config.namespaces().get(0).joinLeave()).isTrue();
  }

  @Test
  void theEnvironmentNamesThePlace() {
    Path user = Path.of("/home/ann");
    assertThat(DevHome.locate(Map.of(), user)).isEqualTo(Path.of("/home/ann/.tidegate/dev"));
    assertThat(DevHome.locate(Map.of("TIDEGATE_DEV_HOME", "/x"), user)).isEqualTo(Path.of("/x"));
  }

  private static Config load(DevState state) throws Exception {
    var variables =
        DevConfig.variables(state, 8443, 9000, 9001, "hazelcast", "redis://127.0.0.1:6379");
    return new ConfigLoader(variables, "box")
        .load(new ConfigSource("dev", DevConfig.YAML, state.directory()))
        .config();
  }

  private static X509Certificate certificate(DevState state) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(state.certificate())));
  }
}
