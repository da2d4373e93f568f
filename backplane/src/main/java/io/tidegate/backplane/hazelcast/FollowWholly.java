package io.tidegate.backplane.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives a backup its owner's state as it is; none: the owner discarded the channel. */
final class FollowWholly<R> implements EntryProcessor<String, ChannelState, @Nullable R> {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable ChannelState state;

  FollowWholly(@Nullable ChannelState state) {
    this.state = state;
  }

  @Override
  public @Nullable R process(Map.Entry<String, ChannelState> entry) {
    entry.setValue(state);
    return null;
  }

  @Override
  public @Nullable EntryProcessor<String, ChannelState, @Nullable R> getBackupProcessor() {
    return null;
  }

  static void write(ObjectDataOutput out, FollowWholly<?> processor) throws IOException {
    Wire.writeNullable(out, processor.state, ChannelState::write);
  }

  static FollowWholly<?> read(ObjectDataInput in) throws IOException {
    return new FollowWholly<>(Wire.readNullable(in, ChannelState::read));
  }
}
