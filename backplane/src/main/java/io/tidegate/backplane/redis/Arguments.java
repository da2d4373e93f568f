package io.tidegate.backplane.redis;

import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Request;

/** Adds arguments of a script to a request. */
final class Arguments {
  private Arguments() {}

  static void add(Request request, Object argument) {
    if (argument instanceof Buffer bytes) {
      request.arg(bytes);
    } else if (argument instanceof Iterable<?> several) {
      several.forEach(each -> add(request, each));
    } else {
      request.arg(argument.toString());
    }
  }
}
