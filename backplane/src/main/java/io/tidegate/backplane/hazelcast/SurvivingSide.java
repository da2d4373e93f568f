package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import org.jspecify.annotations.Nullable;

/**
 * After a split the receiving side's state of a channel stays. A channel that only the merging side
 * had is taken over without those who used it there: they are other members now, and assert
 * themselves anew.
 */
public final class SurvivingSide
    implements SplitBrainMergePolicy<Object, MergingValue<Object>, Object> {
  @Override
  public @Nullable Object merge(
      MergingValue<Object> merging, @Nullable MergingValue<Object> existing) {
    if (existing != null) {
      Object state = existing.getDeserializedValue();
      if (state != null) {
        return state;
      }
    }
    Object state = merging.getDeserializedValue();
    if (state instanceof ChannelState channel) {
      channel.orphan();
    }
    return state;
  }

  @Override
  public void writeData(ObjectDataOutput out) {}

  @Override
  public void readData(ObjectDataInput in) {}
}
