package io.tidegate.backplane;

import org.jspecify.annotations.Nullable;

/**
 * One node's answer to a {@link NodeCommand}: either {@code body} or {@code failure} is there.
 *
 * @param failure what went wrong, for people
 */
public record NodeAnswer(String nodeId, @Nullable Payload body, @Nullable String failure) {
  public NodeAnswer {
    if ((body == null) == (failure == null)) {
      throw new IllegalArgumentException("body, failure: (expected: exactly one of them)");
    }
  }

  /** The answer in the name of a node that does not exist. */
  public static NodeAnswer unknown(String nodeId) {
    return new NodeAnswer(nodeId, null, "no such node");
  }
}
