package io.tidegate.backplane.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The scripts that run in the store, from the files beside this class. */
enum Script {
  PUBLISH("channel", "publish"),
  READ("channel", "read"),
  CLEAR("channel", "clear"),
  ENTER("channel", "enter"),
  EXIT("channel", "exit"),
  REAP("channel", "reap"),
  STATS("channel", "stats"),
  RENEW("renew"),
  RELEASE("release"),
  APPEND("shard", "append"),
  TAKE("shard", "take"),
  FORGET("shard", "forget");

  private final String source;
  private final String sha;

  Script(String... files) {
    var text = new StringBuilder();
    for (String file : files) {
      text.append(read(file + ".lua"));
    }
    source = text.toString();
    sha = sha1(source);
  }

  String source() {
    return source;
  }

  /** What the store knows a loaded script by: the SHA-1 of its source, in hexadecimal. */
  String sha() {
    return sha;
  }

  private static String read(String file) {
    try (InputStream in = Script.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + ": missing (expected: beside " + Script.class + ")");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha1(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
