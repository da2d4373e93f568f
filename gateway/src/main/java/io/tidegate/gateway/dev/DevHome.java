package io.tidegate.gateway.dev;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The directory in which {@code dev} keeps its certificate and secrets from start to start. Only
 * its owner may read it. Two that start at once wait for each other, so that both see the same.
 */
public final class DevHome {
  private static final String VARIABLE = "TIDEGATE_DEV_HOME";
  private static final int SECRET_BYTES = 32;

  private final Path directory;
  private final Clock clock;
  private final RandomGenerator random;

  /**
   * Takes a directory that need not exist yet.
   *
   * @param random a secure source
   */
  public DevHome(Path directory, Clock clock, RandomGenerator random) {
    this.directory = directory.toAbsolutePath().normalize();
    this.clock = clock;
    this.random = random;
  }

  /** The directory that the environment names, or one below the user's home. */
  public static Path locate(Map<String, String> environment, Path userHome) {
    String named = environment.getOrDefault(VARIABLE, "");
    return named.isBlank() ? userHome.resolve(".tidegate").resolve("dev") : Path.of(named);
  }

  /** Reads what is kept, and makes what is not there yet. */
  public DevState open() throws IOException {
    Files.createDirectories(directory, only("rwx------"));
    restrict(directory, "rwx------");
    try (FileChannel lock =
            FileChannel.open(directory.resolve("lock"), Set.of(CREATE, WRITE), only("rw-------"));
        var held = lock.lock()) {
      assert held.isValid() : "a lock that was just taken";
      Path certificate = directory.resolve("certificate.pem");
      Path key = directory.resolve("key.pem");
      if (!DevCertificate.isUsable(certificate, key, clock.instant())) {
        DevCertificate made = DevCertificate.make(directory, secret());
        // At no moment do a certificate and a key stand there that are not of each other.
        Files.deleteIfExists(certificate);
        write(key, made.keyPem());
        write(certificate, made.certificatePem());
      }
      restrict(key, "rw-------");
      return new DevState(
          directory, certificate, key, kept("hmac_secret"), kept("api_key"), kept("cluster"));
    }
  }

  private String kept(String name) throws IOException {
    Path file = directory.resolve(name);
    String kept = Files.exists(file) ? Files.readString(file).strip() : "";
    // Long enough for what it is used for, else it was cut off or edited.
    if (kept.length() >= 2 * SECRET_BYTES) {
      restrict(file, "rw-------");
      return kept;
    }
    String made = secret();
    write(file, made + "\n");
    return made;
  }

  private String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  // Whole or not at all, and never readable by others, not even for a moment.
  private void write(Path file, String text) throws IOException {
    Path fresh = directory.resolve(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Set<OpenOption> create = Set.of(CREATE_NEW, WRITE);
    try (FileChannel channel = FileChannel.open(fresh, create, only("rw-------"))) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        int written = channel.write(bytes);
        assert written > 0 : "a file takes at least a byte";
      }
      channel.force(true);
    }
    Path moved = Files.move(fresh, file, ATOMIC_MOVE);
    assert moved.equals(file) : "moved elsewhere";
  }

  private FileAttribute<?>[] only(String permissions) {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private void restrict(Path path, String permissions) throws IOException {
    if (isPosix() && !Files.isSymbolicLink(path) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Path same = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
      assert same.equals(path) : "permissions of another file";
    }
  }

  private boolean isPosix() {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
