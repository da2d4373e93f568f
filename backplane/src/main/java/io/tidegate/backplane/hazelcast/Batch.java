package io.tidegate.backplane.hazelcast;

import java.util.List;
import java.util.UUID;

/**
 * What one node asks of one channel in one step.
 *
 * @param sender UUID of the asking member
 * @param number grows from batch to batch of a sender; a repeated batch has the same number
 * @param repeated whether an earlier attempt may have been carried out
 * @param gone members that the sender saw die of late; the owner refuses them from now on
 */
record Batch(UUID sender, long number, boolean repeated, List<UUID> gone, List<Command> commands) {
  Batch {
    gone = List.copyOf(gone);
    commands = List.copyOf(commands);
  }

  Batch again() {
    return repeated ? this : new Batch(sender, number, true, gone, commands);
  }
}
