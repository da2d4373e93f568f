package io.tidegate.gateway.api;

import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import java.util.List;
import java.util.Objects;

/** What becomes of a call where a node did not answer. */
final class Silence {
  /** Where doing it twice does no harm. */
  static final String REPEAT = "repeat the call";

  private Silence() {}

  /**
   * All answers. Where one is missing the call fails with the temporary error, and with {@code
   * advice} to the caller: the others have done it.
   */
  static List<Payload> requireAll(List<NodeAnswer> answers, String advice) {
    List<Payload> bodies = answers.stream().map(NodeAnswer::body).filter(Objects::nonNull).toList();
    if (bodies.size() < answers.size()) {
      throw new ApiException(
          ErrorCode.INTERNAL,
          (answers.size() - bodies.size())
              + " of "
              + answers.size()
              + " nodes did not answer; "
              + advice);
    }
    return bodies;
  }
}
