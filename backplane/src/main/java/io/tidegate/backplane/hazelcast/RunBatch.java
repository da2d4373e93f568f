package io.tidegate.backplane.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.util.Map;

/** Carries a {@link Batch} out on the channel's owner. */
final class RunBatch extends ChannelProcessor<Answer> {
  private static final long serialVersionUID = 1L;

  private final transient Batch batch;

  RunBatch(Batch batch) {
    this.batch = batch;
  }

  @Override
  public Answer process(Map.Entry<String, ChannelState> entry) {
    var turn = new Turn(entry.getValue(), owner(entry.getKey(), batch.gone()));
    Answer answer = turn.run(batch);
    if (answer.verdict() == Answer.Verdict.DONE) {
      commit(entry, turn);
    } else {
      leaveAsItIs();
    }
    return answer;
  }

  static void write(ObjectDataOutput out, RunBatch processor) throws IOException {
    BatchWire.write(out, processor.batch);
  }

  static RunBatch read(ObjectDataInput in) throws IOException {
    return new RunBatch(BatchWire.read(in));
  }
}
