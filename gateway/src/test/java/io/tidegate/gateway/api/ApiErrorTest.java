package io.tidegate.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.gateway.protocol.ErrorCode;
import org.junit.jupiter.api.Test;

/** Which advice a caller gets with an error. */
final class ApiErrorTest {
  @Test
  void adviceIsTheMethodsOwnAndOnlyWhereItIsUnknownWhetherItWasDone() {
    assertThat(unsure(Reason.INDETERMINATE))
        .isEqualTo(
            new ApiError(
                ErrorCode.INTERNAL, "internal server error: it may have been done; do not worry"));
    assertThat(ApiError.of(new BackplaneException(Reason.INDETERMINATE, "test")).message())
        .endsWith(": it may have been done");
    assertThat(unsure(Reason.UNAVAILABLE).message()).endsWith("nothing was done");
    assertThat(unsure(Reason.OVERLOADED).code()).isEqualTo(ErrorCode.TOO_MANY_REQUESTS);
  }

  private static ApiError unsure(Reason reason) {
    return ApiError.of(
        ApiError.unsure(new BackplaneException(reason, "test"), "do not worry").cause());
  }
}
