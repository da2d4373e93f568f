package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.Payload;
import io.tidegate.backplane.ServiceAnswer;
import io.tidegate.backplane.inbox.ShardKey;
import java.io.IOException;
import java.io.Serializable;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Tells another node that there is something new in a shard, or, where {@code messageId} is not
 * empty, what a service answered to a message of it.
 */
final class ServiceMail implements Callable<Boolean>, HazelcastInstanceAware, Serializable {
  private static final long serialVersionUID = 1L;

  private final transient ShardKey shard;
  private final transient String messageId;
  private final transient ServiceAnswer answer;
  private transient @Nullable HazelcastInstance instance;

  private ServiceMail(ShardKey shard, String messageId, ServiceAnswer answer) {
    this.shard = shard;
    this.messageId = messageId;
    this.answer = answer;
  }

  static ServiceMail wake(ShardKey shard) {
    return new ServiceMail(shard, "", ServiceAnswer.NONE);
  }

  static ServiceMail answer(String messageId, ServiceAnswer answer) {
    return new ServiceMail(new ShardKey("", 0), messageId, answer);
  }

  ShardKey shard() {
    return shard;
  }

  String messageId() {
    return messageId;
  }

  ServiceAnswer answer() {
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

  static void write(ObjectDataOutput out, ServiceMail mail) throws IOException {
    out.writeString(mail.shard.service());
    out.writeInt(mail.shard.shard());
    out.writeString(mail.messageId);
    out.writeByteArray(mail.answer.data().bytes());
    out.writeInt(mail.answer.code());
    out.writeString(mail.answer.text());
  }

  static ServiceMail read(ObjectDataInput in) throws IOException {
    return new ServiceMail(
        new ShardKey(Wire.readText(in), in.readInt()),
        Wire.readText(in),
        new ServiceAnswer(Payload.of(Wire.readBytes(in)), in.readInt(), Wire.readText(in)));
  }
}
