package io.tidegate.backplane.hazelcast;

import com.hazelcast.core.ReadOnly;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.PresenceStats;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads who is in a channel, or only how many. */
final class ReadMembers
    implements EntryProcessor<String, ChannelState, ReadMembers.Found>, ReadOnly {
  private static final long serialVersionUID = 1L;
  private static final Found NOBODY = new Found(List.of(), new PresenceStats(0, 0));

  private final transient boolean countOnly;

  /** The members, unless only the counts were asked for. */
  record Found(List<ClientInfo> members, PresenceStats stats) {
    Found {
      members = List.copyOf(members);
    }
  }

  ReadMembers(boolean countOnly) {
    this.countOnly = countOnly;
  }

  @Override
  public Found process(Map.Entry<String, ChannelState> entry) {
    ChannelState state = entry.getValue();
    if (state == null || state.members().isEmpty()) {
      return NOBODY;
    }
    List<ClientInfo> members =
        state.members().values().stream().map(ChannelState.Member::info).toList();
    int users = members.stream().map(ClientInfo::user).collect(Collectors.toSet()).size();
    return new Found(
        countOnly ? List.<ClientInfo>of() : members, new PresenceStats(members.size(), users));
  }

  @Override
  public @Nullable EntryProcessor<String, ChannelState, Found> getBackupProcessor() {
    return null;
  }

  static void write(ObjectDataOutput out, ReadMembers processor) throws IOException {
    out.writeBoolean(processor.countOnly);
  }

  static ReadMembers read(ObjectDataInput in) throws IOException {
    return new ReadMembers(in.readBoolean());
  }

  static void writeFound(ObjectDataOutput out, Found found) throws IOException {
    Wire.writeAll(out, found.members(), Wire::writeInfo);
    out.writeInt(found.stats().clients());
    out.writeInt(found.stats().users());
  }

  static Found readFound(ObjectDataInput in) throws IOException {
    return new Found(
        Wire.readList(in, Wire::readInfo), new PresenceStats(in.readInt(), in.readInt()));
  }
}
