package io.tidegate.gateway.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tidegate.gateway.address.Network;
import io.tidegate.gateway.auth.ChannelPattern;
import io.tidegate.gateway.auth.OriginPolicy;
import io.tidegate.gateway.service.WebhookSigner;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The kinds of value that keys have. */
final class Types {
  private static final Pattern DIGITS = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern AMOUNT = Pattern.compile("(0|[1-9][0-9]{0,11})([A-Za-z]*)");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._%-]{1,253}|[0-9A-Fa-f:.%]+");
  private static final Pattern MEMBER =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?");

  // From small to large, so that the last unit that divides a value is the best to print it in.
  private static final Map<String, Long> MILLIS = units("ms", 1, "s", 1000, "m", 60, "h", 60);
  private static final Map<String, Long> BYTES =
      units("B", 1, "KiB", 1024, "MiB", 1024, "GiB", 1024);

  static final Type<String> TEXT = new Type<>("text", Types::text, Function.identity());

  static final Type<Boolean> BOOL =
      new Type<>(
          "true or false",
          text -> text.equals("true") ? Boolean.TRUE : text.equals("false") ? Boolean.FALSE : null,
          Object::toString);

  static final Type<Integer> PORT =
      new Type<>("a port from 0 to 65535", text -> whole(text, 0, 65_535), Object::toString);

  static final Type<String> HOST_NAME =
      new Type<>(
          "a host name or an address",
          text -> HOST.matcher(text).matches() ? text : null,
          Function.identity());

  static final Type<Network> NETWORK =
      new Type<>(
          "an address or a network such as 10.0.0.0/8 or fd00::/8, no bits set behind its prefix",
          Network::parse,
          Network::toString);

  static final Type<String> ORIGIN =
      new Type<>(
          OriginPolicy.EXPECTED,
          text -> OriginPolicy.isPattern(text) ? text : null,
          Function.identity());

  static final Type<ChannelPattern> CHANNEL_PATTERN =
      new Type<>(
          "a pattern of names, in which * stands for any characters and ? for one",
          text -> text(text) == null ? null : new ChannelPattern(text),
          ChannelPattern::toString);

  static final Type<String> HOST_AND_PORT =
      new Type<>("host or host:port", Types::member, Function.identity());

  static final Type<URI> HTTP_URL =
      new Type<>(
          "an address such as https://backend.example.com/messages", Types::url, URI::toString);

  static final Type<String> WEBHOOK_SECRET =
      new Type<>(
          "whsec_ and base64 of 24 to 64 random bytes",
          text -> WebhookSigner.isSecret(text) ? text : null,
          Function.identity(),
          true);

  private Types() {}

  static Type<Integer> count(int least, int most) {
    return new Type<>(
        "a whole number from " + least + " to " + most,
        text -> whole(text, least, most),
        Object::toString);
  }

  static Type<Duration> duration(Duration least, Duration most) {
    return new Type<>(
        "a duration from " + print(least) + " to " + print(most) + ", such as 250ms, 30s or 5m",
        text -> {
          Long millis = amount(text, MILLIS, false);
          Duration value = millis == null ? null : Duration.ofMillis(millis);
          return value == null || value.compareTo(least) < 0 || value.compareTo(most) > 0
              ? null
              : value;
        },
        Types::print);
  }

  static Type<Integer> size(int least, int most) {
    return new Type<>(
        "a size from " + printSize(least) + " to " + printSize(most) + ", such as 64KiB",
        text -> {
          Long bytes = amount(text, BYTES, true);
          return bytes == null || bytes < least || bytes > most ? null : bytes.intValue();
        },
        Types::printSize);
  }

  static Type<String> secret(int leastBytes) {
    return new Type<>(
        "a secret of at least " + leastBytes + " bytes",
        text -> text.getBytes(UTF_8).length < leastBytes ? null : text(text),
        Function.identity(),
        true);
  }

  /** Where a Redis server is. A secret, since it may hold a password. */
  static Type<String> redisUri() {
    return new Type<>(
        "redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// for TLS",
        text -> isRedisUri(text) ? text : null,
        Function.identity(),
        true);
  }

  private static boolean isRedisUri(String text) {
    try {
      URI uri = new URI(text);
      String path = uri.getPath() == null ? "" : uri.getPath();
      return ("redis".equals(uri.getScheme()) || "rediss".equals(uri.getScheme()))
          && uri.getHost() != null
          && path.matches("|/|/\\d{1,5}")
          && uri.getQuery() == null
          && uri.getFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** One of the names of {@code kind}, in lower case. */
  static <E extends Enum<E>> Type<E> oneOf(Class<E> kind) {
    E[] values = kind.getEnumConstants();
    return new Type<>(
        "one of " + Arrays.stream(values).map(Types::lower).collect(Collectors.joining(", ")),
        text -> Arrays.stream(values).filter(v -> lower(v).equals(text)).findFirst().orElse(null),
        Types::lower);
  }

  static Type<String> oneOf(String first, String second) {
    return new Type<>(
        first + " or " + second,
        text -> text.equals(first) || text.equals(second) ? text : null,
        Function.identity());
  }

  /** A file that can be read; a relative path begins at {@code base}. */
  static Type<Path> file(Path base) {
    return new Type<>(
        "a file that exists and can be read",
        text -> {
          try {
            Path path = base.resolve(text).toAbsolutePath().normalize();
            return Files.isRegularFile(path) && Files.isReadable(path) ? path : null;
          } catch (InvalidPathException e) {
            return null;
          }
        },
        Path::toString);
  }

  /** Whether only this machine can reach {@code host}, as far as its text tells. */
  static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("::1")
        || host.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static @Nullable String text(String text) {
    return text.isBlank() || text.chars().anyMatch(Character::isISOControl) ? null : text;
  }

  private static @Nullable URI url(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain = uri.getRawUserInfo() == null && uri.getRawFragment() == null;
      return http && plain && uri.getHost() != null && uri.getPort() < 65_536 ? uri : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static @Nullable Integer whole(String text, int least, int most) {
    if (!DIGITS.matcher(text).matches()) {
      return null;
    }
    long value = Long.parseLong(text);
    return value < least || value > most ? null : (int) value;
  }

  private static @Nullable String member(String text) {
    Matcher matcher = MEMBER.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String port = matcher.group(2);
    return port == null || whole(port, 1, 65_535) != null ? text : null;
  }

  private static @Nullable Long amount(String text, Map<String, Long> units, boolean bare) {
    Matcher matcher = AMOUNT.matcher(text);
    if (!matcher.matches()) {
      return null;
    }
    String unit = matcher.group(2);
    Long factor = unit.isEmpty() && bare ? Long.valueOf(1) : units.get(unit);
    return factor == null ? null : Long.parseLong(matcher.group(1)) * factor;
  }

  static String print(Duration duration) {
    return duration.isZero() ? "0s" : print(duration.toMillis(), MILLIS);
  }

  private static String printSize(int bytes) {
    return bytes == 0 ? "0" : print(bytes, BYTES);
  }

  private static String print(long value, Map<String, Long> units) {
    String best = "";
    for (Map.Entry<String, Long> unit : units.entrySet()) {
      if (value % unit.getValue() == 0) {
        best = value / unit.getValue() + unit.getKey();
      }
    }
    return best;
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** Each unit with how many of the one before it holds. */
  private static Map<String, Long> units(
      String a, long ofA, String b, long ofB, String c, long ofC, String d, long ofD) {
    var units = new LinkedHashMap<String, Long>();
    units.put(a, ofA);
    units.put(b, ofA * ofB);
    units.put(c, ofA * ofB * ofC);
    units.put(d, ofA * ofB * ofC * ofD);
    return units;
  }
}
