package io.tidegate.gateway.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Random;

/** Content to compress: the same on every call. */
final class Samples {
  private Samples() {}

  /** So many bytes of the kind that browsers are sent; ASCII. */
  static byte[] json(int length) {
    var random = new Random(11);
    var json = new StringBuilder(length + 100);
    while (json.length() < length) {
      json.append("{\"id\":")
          .append(random.nextInt(1_000_000))
          .append(",\"symbol\":\"")
          .append((char) ('A' + random.nextInt(26)))
          .append("CME\",\"bid\":")
          .append(random.nextInt(100_000) / 100.0)
          .append(",\"state\":\"open\"}\n");
    }
    return json.substring(0, length).getBytes(US_ASCII);
  }

  /** So many bytes that no compressor makes fewer. */
  static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(13).nextBytes(noise);
    return noise;
  }

  /** As {@link #noise}, but ASCII. */
  static byte[] noiseOfLetters(int length) {
    byte[] letters = noise(length);
    for (int i = 0; i < length; i++) {
      letters[i] = (byte) ('a' + (letters[i] & 15));
    }
    return letters;
  }
}
