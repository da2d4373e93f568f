package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.NodeAnswer;
import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** The answer to a {@link Question}, on its way back. */
final class Reply implements Callable<Boolean>, HazelcastInstanceAware, Serializable {
  private static final long serialVersionUID = 1L;

  private final transient UUID sender;
  private final transient long number;
  private final transient NodeAnswer answer;
  private transient @Nullable HazelcastInstance instance;

  Reply(UUID sender, long number, NodeAnswer answer) {
    this.sender = sender;
    this.number = number;
    this.answer = answer;
  }

  UUID sender() {
    return sender;
  }

  long number() {
    return number;
  }

  NodeAnswer answer() {
    return answer;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    instance = hazelcastInstance;
  }

  @Override
  public Boolean call() {
    Inbox inbox = LocalMember.of(requireNonNull(instance, "instance")).inbox();
    return inbox != null && inbox.put(this);
  }

  static void write(ObjectDataOutput out, Reply reply) throws IOException {
    Wire.writeUuid(out, reply.sender);
    out.writeLong(reply.number);
    out.writeString(reply.answer.nodeId());
    Wire.writePayload(out, reply.answer.body());
    out.writeString(reply.answer.failure());
  }

  static Reply read(ObjectDataInput in) throws IOException {
    return new Reply(
        Wire.readUuid(in),
        in.readLong(),
        new NodeAnswer(Wire.readText(in), Wire.readPayload(in), in.readString()));
  }
}
