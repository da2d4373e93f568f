package io.tidegate.gateway.dev;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;

/**
 * A self-signed certificate for this machine's own names, and its key, both in PEM. Made by the
 * {@code keytool} of the JDK that runs.
 */
record DevCertificate(String certificatePem, String keyPem) {
  // Some clients refuse certificates that are valid for longer, self-signed ones too.
  private static final int VALID_DAYS = 825;
  private static final Duration RENEWED_BEFORE = Duration.ofDays(7);
  private static final int KEYTOOL_SECONDS = 60;
  private static final String ALIAS = "tidegate-dev";
  private static final String PASSWORD_VARIABLE = "TIDEGATE_KEYTOOL_PASSWORD";

  /** Whether both files are there, and the certificate is good for some days more. */
  static boolean isUsable(Path certificate, Path key, Instant now) {
    if (!Files.isReadable(certificate) || !Files.isReadable(key)) {
      return false;
    }
    try {
      byte[] pem = Files.readAllBytes(certificate);
      var parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem));
      parsed.checkValidity(Date.from(now.plus(RENEWED_BEFORE)));
      return true;
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * Makes a new one.
   *
   * @param scratch directory for a key store, which is gone afterwards
   * @param password of that store
   */
  static DevCertificate make(Path scratch, String password) throws IOException {
    Path store = scratch.resolve("certificate.p12");
    Files.deleteIfExists(store);
    try {
      runKeytool(store, password);
      KeyStore keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
      return new DevCertificate(
          pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()),
          pem("PRIVATE KEY", keys.getKey(ALIAS, password.toCharArray()).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IOException("the key store that keytool made cannot be read", e);
    } finally {
      Files.deleteIfExists(store);
    }
  }

  private static void runKeytool(Path store, String password) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var builder =
        new ProcessBuilder(
            List.of(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-validity",
                Integer.toString(VALID_DAYS),
                "-dname",
                "CN=localhost, O=Tidegate dev",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1,ip:0:0:0:0:0:0:0:1",
                "-ext",
                "EKU=serverAuth",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                PASSWORD_VARIABLE));
    builder.environment().put(PASSWORD_VARIABLE, password);
    // A file, because nobody reads a pipe while this waits.
    Path output = Files.createTempFile(store.getParent(), "keytool", ".log");
    try {
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      boolean ended = process.waitFor(KEYTOOL_SECONDS, SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      if (!ended || process.exitValue() != 0) {
        throw new IOException(keytool + " failed: " + Files.readString(output).strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + keytool + " ran", e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  /** Leaves the key out. */
  @Override
  public String toString() {
    return "DevCertificate";
  }
}
