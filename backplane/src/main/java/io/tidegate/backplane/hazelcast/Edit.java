package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One elementary change of a {@link ChannelState}. It carries its result, so that owner and backups
 * come to the same state whatever their clocks and dice say.
 */
sealed interface Edit {
  /** Another term's owner writes on: the stream takes a new epoch and remembers the old one. */
  record Forked(String epoch) implements Edit {}

  /** What the stream keeps from now on. */
  record Keeps(StreamPolicy policy) implements Edit {}

  /** The next publication. */
  record Appended(Publication publication, @Nullable String idempotencyKey) implements Edit {}

  /** All publications are removed; the counts and the idempotency keys stay. */
  record Cleared() implements Edit {}

  /** An entry of {@code node} appears or is replaced; {@code told} is the move that it makes. */
  record Entered(ClientInfo member, UUID node, boolean announced, Event.@Nullable Moved told)
      implements Edit {}

  /** An entry goes; {@code told} is the move that it makes. */
  record Left(String client, Event.@Nullable Moved told) implements Edit {}

  /** A node starts or stops to be interested. */
  record Interest(UUID node, boolean interested) implements Edit {}

  /** The outcomes of a node's last batch. */
  record Answered(UUID node, long number, List<Outcome> outcomes) implements Edit {
    public Answered {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** Nodes that are gone: nothing but their entries is kept of them. */
  record Forgotten(List<UUID> nodes) implements Edit {
    public Forgotten {
      nodes = List.copyOf(nodes);
    }
  }
}
