package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a sweep of one channel did.
 *
 * @param answer absent when the channel is not there any more
 */
record Swept(@Nullable Answer answer) {
  static void write(ObjectDataOutput out, Swept swept) throws IOException {
    Wire.writeNullable(out, swept.answer, Answer::write);
  }

  static Swept read(ObjectDataInput in) throws IOException {
    return new Swept(Wire.readNullable(in, Answer::read));
  }
}
