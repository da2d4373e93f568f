package io.tidegate.gateway.api;

import io.vertx.core.Future;

/** One method of the server API: arguments in, the result's fields out. */
@FunctionalInterface
interface ApiMethod {
  /**
   * Does it. Fails with {@link ApiException} or {@link io.tidegate.backplane.BackplaneException};
   * bad arguments may also be thrown as the former.
   */
  Future<JsonBody> call(Params params);
}
