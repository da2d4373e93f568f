package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import io.tidegate.backplane.NodeCommand;
import io.tidegate.backplane.Payload;
import java.io.IOException;
import java.io.Serializable;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to another node, whose {@link Reply} comes back by itself: handlers answer
 * when they like, and no thread waits for them.
 */
final class Question implements Callable<Boolean>, HazelcastInstanceAware, Serializable {
  private static final long serialVersionUID = 1L;

  private final transient Kind kind;
  private final transient UUID sender;
  private final transient long number;
  private final transient NodeCommand command;
  private transient @Nullable HazelcastInstance instance;

  enum Kind {
    COMMAND,
    /** Does the other node know me as a member yet? Taken means yes. */
    HELLO,
    /** The sender leaves. */
    GOODBYE
  }

  Question(Kind kind, UUID sender, long number, NodeCommand command) {
    this.kind = kind;
    this.sender = sender;
    this.number = number;
    this.command = command;
  }

  static Question bare(Kind kind, UUID sender) {
    return new Question(kind, sender, 0, new NodeCommand("", Payload.EMPTY));
  }

  Kind kind() {
    return kind;
  }

  UUID sender() {
    return sender;
  }

  long number() {
    return number;
  }

  NodeCommand command() {
    return command;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance hazelcastInstance) {
    instance = hazelcastInstance;
  }

  @Override
  public Boolean call() {
    HazelcastInstance grid = requireNonNull(instance, "instance");
    LocalMember member = LocalMember.of(grid);
    Inbox inbox = member.inbox();
    return inbox != null && member.isMember(grid, sender) && inbox.put(this);
  }

  static void write(ObjectDataOutput out, Question question) throws IOException {
    out.writeString(question.kind.name());
    Wire.writeUuid(out, question.sender);
    out.writeLong(question.number);
    out.writeString(question.command.name());
    out.writeByteArray(question.command.body().bytes());
  }

  static Question read(ObjectDataInput in) throws IOException {
    Kind kind = Kind.valueOf(Wire.readText(in));
    UUID sender = Wire.readUuid(in);
    long number = in.readLong();
    return new Question(
        kind, sender, number, new NodeCommand(Wire.readText(in), Payload.of(Wire.readBytes(in))));
  }
}
