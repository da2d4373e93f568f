package io.tidegate.gateway.api;

import io.tidegate.backplane.NodeAnswer;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import java.util.List;
import java.util.Objects;

/** What becomes of a call where a node did not answer. */
final class Silence {
  private Silence() {}

  /**
   * All answers. Where one is missing the call fails with the temporary error, so that the caller
   * repeats it: what is asked of nodes does no harm when it is done twice.
   */
  static List<Payload> requireAll(List<NodeAnswer> answers) {
    List<Payload> bodies = answers.stream().map(NodeAnswer::body).filter(Objects::nonNull).toList();
    if (bodies.size() < answers.size()) {
      throw new ApiException(
          ErrorCode.INTERNAL,
          (answers.size() - bodies.size())
              + " of "
              + answers.size()
              + " nodes did not answer; repeat the call");
    }
    return bodies;
  }
}
