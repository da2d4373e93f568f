package io.tidegate.backplane.hazelcast;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be handed out to one other node: sent in parcels, one in flight, so that they grow
 * under load. Bounded; what does not fit or is not taken is forgotten but for the channel's name,
 * which is told until the other node has taken that, so that it compares. Confined to the node's
 * thread.
 */
final class Outbox {
  private static final int DELIVERIES_AT_MOST = 16_384;
  private static final long BYTES_AT_MOST = 16L << 20;
  private static final int PARCEL_DELIVERIES = 2_048;
  private static final long PARCEL_BYTES = 512 * 1024;
  private static final int LOST_NAMES = 1_024;
  private static final long PAUSE_NANOS = 200_000_000L;
  private static final long PATIENCE_NANOS = 5_000_000_000L;

  private final LongSupplier now;
  private final ParcelMaker maker;
  private final BiConsumer<Parcel, Consumer<Boolean>> sender;
  private final Queue<Delivery> deliveries = new ArrayDeque<>();
  private final Set<String> lost = new LinkedHashSet<>();
  private boolean lostAny;
  private long bytes;
  private @Nullable Parcel inFlight;
  private long sentAt;
  private boolean pausing;
  private long pauseUntil;

  /** Makes a parcel of what is to be sent. */
  interface ParcelMaker {
    Parcel make(boolean lostAny, List<String> lost, List<Delivery> deliveries);
  }

  /**
   * Makes an outbox.
   *
   * @param sender sends a parcel, and calls back on the node's thread whether it was taken
   */
  Outbox(LongSupplier now, ParcelMaker maker, BiConsumer<Parcel, Consumer<Boolean>> sender) {
    this.now = now;
    this.maker = maker;
    this.sender = sender;
  }

  void add(Delivery delivery) {
    int weight = delivery.bytes();
    if (deliveries.size() >= DELIVERIES_AT_MOST || bytes + weight > BYTES_AT_MOST) {
      lose(delivery.channel());
    } else {
      deliveries.add(delivery);
      bytes += weight;
    }
    pump();
  }

  /** The other node has to compare {@code channel}. */
  void alarm(String channel) {
    lose(channel);
    pump();
  }

  /** True while the other node takes less than it is given: publishers had better slow down. */
  boolean isCrowded() {
    return deliveries.size() > DELIVERIES_AT_MOST / 4 || bytes > BYTES_AT_MOST / 4;
  }

  void tick() {
    long time = now.getAsLong();
    if (inFlight != null && time - sentAt >= PATIENCE_NANOS) {
      sent(inFlight, false);
    } else if (pausing && time - pauseUntil >= 0) {
      pausing = false;
      pump();
    }
  }

  private void lose(String channel) {
    if (!lostAny) {
      lost.add(channel);
      if (lost.size() > LOST_NAMES) {
        lost.clear();
        lostAny = true;
      }
    }
  }

  private void pump() {
    if (inFlight != null || pausing || (deliveries.isEmpty() && lost.isEmpty() && !lostAny)) {
      return;
    }
    List<Delivery> taken = new ArrayList<>(Math.min(deliveries.size(), PARCEL_DELIVERIES));
    long weight = 0;
    while (!deliveries.isEmpty() && taken.size() < PARCEL_DELIVERIES && weight < PARCEL_BYTES) {
      Delivery next = deliveries.remove();
      weight += next.bytes();
      taken.add(next);
    }
    bytes -= weight;
    Parcel parcel = maker.make(lostAny, List.copyOf(lost), taken);
    lost.clear();
    lostAny = false;
    inFlight = parcel;
    sentAt = now.getAsLong();
    sender.accept(parcel, isTaken -> sent(parcel, isTaken));
  }

  private void sent(Parcel parcel, boolean isTaken) {
    if (inFlight != parcel) {
      return;
    }
    inFlight = null;
    if (!isTaken) {
      lostAny |= parcel.lostAny();
      parcel.lost().forEach(this::lose);
      parcel.deliveries().forEach(delivery -> lose(delivery.channel()));
      pausing = true;
      pauseUntil = now.getAsLong() + PAUSE_NANOS;
    }
    pump();
  }
}
