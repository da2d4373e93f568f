package io.tidegate.backplane.hazelcast;

import static java.util.Objects.requireNonNull;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * What one node hands out to another in one go. Answers whether it was taken; run on the receiving
 * node, where it is put in the inbox and nothing else.
 */
final class Parcel implements Callable<Boolean>, HazelcastInstanceAware, Serializable {
  private static final long serialVersionUID = 1L;

  private final transient UUID sender;
  private final transient boolean lostAny;
  private final transient List<String> lost;
  private final transient List<Delivery> deliveries;
  private transient @Nullable HazelcastInstance instance;

  /**
   * Makes a parcel.
   *
   * @param lostAny whether deliveries of any channel may have been lost
   * @param lost channels of which deliveries were lost
   */
  Parcel(UUID sender, boolean lostAny, List<String> lost, List<Delivery> deliveries) {
    this.sender = sender;
    this.lostAny = lostAny;
    this.lost = List.copyOf(lost);
    this.deliveries = List.copyOf(deliveries);
  }

  boolean lostAny() {
    return lostAny;
  }

  List<String> lost() {
    return lost;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }

  long bytes() {
    long bytes = 0;
    for (Delivery delivery : deliveries) {
      bytes += delivery.bytes();
    }
    return bytes;
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

  static void write(ObjectDataOutput out, Parcel parcel) throws IOException {
    Wire.writeUuid(out, parcel.sender);
    out.writeBoolean(parcel.lostAny);
    Wire.writeAll(out, parcel.lost, ObjectDataOutput::writeString);
    Wire.writeAll(out, parcel.deliveries, Parcel::writeDelivery);
  }

  static Parcel read(ObjectDataInput in) throws IOException {
    return new Parcel(
        Wire.readUuid(in),
        in.readBoolean(),
        Wire.readList(in, Wire::readText),
        Wire.readList(in, Parcel::readDelivery));
  }

  private static void writeDelivery(ObjectDataOutput out, Delivery delivery) throws IOException {
    out.writeString(delivery.channel());
    out.writeString(delivery.epoch());
    Wire.writeAll(out, delivery.events(), EventWire::write);
  }

  private static Delivery readDelivery(ObjectDataInput in) throws IOException {
    return new Delivery(Wire.readText(in), Wire.readText(in), Wire.readList(in, EventWire::read));
  }
}
