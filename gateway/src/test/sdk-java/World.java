import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.centrifugal.centrifuge.ReplyError;
import io.github.centrifugal.centrifuge.ResultCallback;
import io.github.centrifugal.centrifuge.TokenCallback;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** What all scenarios need: the test's control, patience, and data of the form {@code {"n":1}}. */
final class World {
  private static final long PATIENCE_SECONDS = 30;
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final AtomicInteger COUNT = new AtomicInteger();

  static String url;
  static String control;

  private World() {}

  static String control(String path, String body) throws Exception {
    var request =
        HttpRequest.newBuilder(URI.create(control + path))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    check(response.statusCode() == 200, path + ": " + response.statusCode() + response.body());
    return response.body();
  }

  static String token(String claims) throws Exception {
    Matcher token = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(control("/token", claims));
    check(token.find(), "no token");
    return token.group(1);
  }

  static void publishAll(String channel, int from, int to) throws Exception {
    for (int n = from; n <= to; n++) {
      control(
          "/api/publish",
          "{\"channel\":%s,\"data\":{\"n\":%d},\"idempotency_key\":%s}"
              .formatted(quoted(channel), n, quoted(channel + n)));
    }
  }

  static String channel(String name) {
    return name + "-j" + COUNT.incrementAndGet();
  }

  static void check(boolean condition, String message) {
    if (!condition) {
      throw new AssertionError(message);
    }
  }

  static void same(Object actual, Object expected, String what) {
    check(actual.equals(expected), what + ": " + actual + " (expected: " + expected + ")");
  }

  static void until(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      check(System.nanoTime() < deadline, "not in time: " + what);
      Thread.sleep(10);
    }
  }

  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c ->
                quoted.append(
                    c == '"' || c == '\\' || c < ' '
                        ? String.format("\\u%04x", c)
                        : String.valueOf((char) c)));
    return quoted.append('"').toString();
  }

  static byte[] bytes(String json) {
    return json.getBytes(UTF_8);
  }

  static String text(byte[] data) {
    return data == null ? "" : new String(data, UTF_8);
  }

  static int number(byte[] data) {
    Matcher n = Pattern.compile("\"n\":(\\d+)").matcher(text(data));
    check(n.find(), "no number: " + text(data));
    return Integer.parseInt(n.group(1));
  }

  static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  static <T> T answer(java.util.function.Consumer<ResultCallback<T>> call) throws Exception {
    var answer = new CompletableFuture<T>();
    call.accept(
        (error, result) -> {
          if (error != null) {
            answer.completeExceptionally(error);
          } else {
            answer.complete(result);
          }
        });
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static <T> int refused(java.util.function.Consumer<ResultCallback<T>> call) throws Exception {
    try {
      answer(call);
    } catch (java.util.concurrent.ExecutionException e) {
      if (e.getCause() instanceof ReplyError error) {
        return error.getCode();
      }
      throw e;
    }
    throw new AssertionError("not refused");
  }

  /** A token by a call that may fail. */
  static void give(TokenCallback callback, Callable<String> token) {
    try {
      callback.Done(null, token.call());
    } catch (Exception e) {
      callback.Done(e, null);
    }
  }
}
