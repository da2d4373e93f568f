package io.tidegate.backplane.hazelcast;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A batch of a {@link ChannelLink} under way, with those who wait for its items; a null item is the
 * link's own. Confined to the node's thread.
 */
final class Flight {
  final List<@Nullable Asked> items = new ArrayList<>(2);
  final List<Command> commands = new ArrayList<>(2);
  @Nullable Batch batch;
  boolean alarms;
  int attempts;
  long tryAgainAt;

  void add(@Nullable Asked item, Command command) {
    items.add(item);
    commands.add(command);
  }

  int size() {
    return items.size();
  }

  /** True for an assertion, which nobody waits for and which is repeated until it is answered. */
  boolean isInternal() {
    return items.get(0) == null;
  }
}
