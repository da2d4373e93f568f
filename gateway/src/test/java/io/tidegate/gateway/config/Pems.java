package io.tidegate.gateway.config;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** Makes certificates and keys in a directory of a test. */
public final class Pems {
  private Pems() {}

  /** A self-signed certificate {@code NAME.pem} and its key {@code NAME.key}. */
  public static void certificate(Path directory, String name, String algorithm) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-keystore",
                    store.toString(),
                    "-storetype",
                    "PKCS12",
                    "-storepass",
                    "changeit",
                    "-alias",
                    "test",
                    "-keyalg",
                    algorithm,
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "SAN=dns:localhost"))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor(60, SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    write(
        directory.resolve(name + ".pem"), "CERTIFICATE", keys.getCertificate("test").getEncoded());
    write(
        directory.resolve(name + ".key"),
        "PRIVATE KEY",
        keys.getKey("test", "changeit".toCharArray()).getEncoded());
  }

  /** A public key {@code NAME.pub}. */
  static void publicKey(Path directory, String name, KeyPairGenerator pairs) throws Exception {
    byte[] key = pairs.generateKeyPair().getPublic().getEncoded();
    write(directory.resolve(name + ".pub"), "PUBLIC KEY", key);
  }

  private static void write(Path file, String type, byte[] der) throws Exception {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        file, "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n");
  }
}
