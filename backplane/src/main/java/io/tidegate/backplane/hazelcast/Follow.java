package io.tidegate.backplane.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets a backup follow its owner by one {@link Change}. */
final class Follow<R> implements EntryProcessor<String, ChannelState, @Nullable R> {
  private static final long serialVersionUID = 1L;

  private final transient Change change;

  Change change() {
    return change;
  }

  Follow(Change change) {
    this.change = change;
  }

  @Override
  public @Nullable R process(Map.Entry<String, ChannelState> entry) {
    ChannelState state = entry.getValue();
    if (state == null) {
      state = new ChannelState(change.lineage().epoch(), change.term(), change.atMillis());
    }
    follow(state, change);
    entry.setValue(state);
    return null;
  }

  /**
   * Applied twice it changes nothing the second time, since a whole state may have overtaken it.
   */
  static void follow(ChannelState state, Change change) {
    if (state.version() > change.before() && state.term() == change.term()) {
      return;
    }
    if (state.version() != change.before() || !state.lineage().equals(change.lineage())) {
      state.catchUp(change);
    }
    state.begin(change.term(), change.atMillis());
    change.edits().forEach(state::apply);
    state.end();
  }

  @Override
  public @Nullable EntryProcessor<String, ChannelState, @Nullable R> getBackupProcessor() {
    return null;
  }

  static void write(ObjectDataOutput out, Follow<?> processor) throws IOException {
    EditWire.writeChange(out, processor.change);
  }

  static Follow<?> read(ObjectDataInput in) throws IOException {
    return new Follow<>(EditWire.readChange(in));
  }
}
