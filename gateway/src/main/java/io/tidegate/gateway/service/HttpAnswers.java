package io.tidegate.gateway.service;

import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What an HTTP answer means. The status decides; a body is looked into for errors only. */
final class HttpAnswers {
  /** The least code that a service may use for errors of its own. */
  private static final int LEAST_CODE = 400;

  private HttpAnswers() {}

  /** The answer; throws {@link ServiceException} where it is none. */
  static ServiceAnswer read(Exchange.Answer answer) {
    int status = answer.status();
    if (status >= 200 && status < 300) {
      return ServiceAnswer.of(answer.body());
    }
    if (status >= 500) {
      throw new ServiceException(status == 503 ? Outcome.BUSY : Outcome.FAILED);
    }
    ServiceAnswer own = status >= 400 ? error(answer.body()) : null;
    if (own == null) {
      throw new ServiceException(status == 429 ? Outcome.BUSY : Outcome.REJECTED);
    }
    return own;
  }

  /** The error in {@code {"error":{"code":N,"message":"..."}}}; absent for anything else. */
  private static @Nullable ServiceAnswer error(Payload body) {
    try {
      return new JsonObject(body.text()).getValue("error") instanceof JsonObject error
              && error.getValue("code") instanceof Integer code
              && code >= LEAST_CODE
              && error.getValue("message") instanceof String message
          ? ServiceAnswer.error(code, message)
          : null;
    } catch (DecodeException e) {
      return null;
    }
  }
}
