package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A channel owner's answer to a {@link Batch} or a sweep.
 *
 * @param epoch the stream's, now
 * @param forked why the stream forked just now, if it did
 * @param interested the nodes to which what happened is to be handed out
 * @param outcomes one per command
 * @param more whether a sweep has to be repeated
 */
record Answer(
    Verdict verdict,
    String epoch,
    @Nullable String forked,
    List<UUID> interested,
    List<Outcome> outcomes,
    boolean more) {
  enum Verdict {
    DONE,
    /** The sender has given this batch up already; nothing was done. */
    STALE,
    /** The owner does not know the sender as a member; nothing was done. */
    STRANGER
  }

  Answer {
    interested = List.copyOf(interested);
    outcomes = List.copyOf(outcomes);
  }

  static Answer refused(Verdict verdict) {
    return new Answer(verdict, "", null, List.of(), List.of(), false);
  }

  static void write(ObjectDataOutput out, Answer answer) throws IOException {
    out.writeString(answer.verdict.name());
    out.writeString(answer.epoch);
    out.writeString(answer.forked);
    Wire.writeAll(out, answer.interested, Wire::writeUuid);
    Wire.writeAll(out, answer.outcomes, OutcomeWire::write);
    out.writeBoolean(answer.more);
  }

  static Answer read(ObjectDataInput in) throws IOException {
    return new Answer(
        Verdict.valueOf(Wire.readText(in)),
        Wire.readText(in),
        in.readString(),
        Wire.readList(in, Wire::readUuid),
        Wire.readList(in, OutcomeWire::read),
        in.readBoolean());
  }
}
