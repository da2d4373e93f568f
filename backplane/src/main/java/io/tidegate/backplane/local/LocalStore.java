package io.tidegate.backplane.local;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import java.time.Clock;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The channels, leases and inboxes that the {@linkplain LocalNode nodes} of one process share.
 * Thread-safe.
 *
 * <p>Nothing ticks per channel: the nodes' ticks sweep a part of the channels each, and what is
 * touched trims itself.
 */
public final class LocalStore {
  private static final int SWEEPS_PER_ROUND = 60;
  private static final int CHANNELS_PER_SWEEP_AT_LEAST = 1_000;

  private final LocalSettings settings;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;
  private final Leases leases;
  private final LocalInboxes inboxes;
  private final Map<String, LocalChannel> channels = new ConcurrentHashMap<>();
  private Iterator<LocalChannel> sweeper = Collections.emptyIterator();

  /**
   * Makes an empty store.
   *
   * @param clock dates publications
   * @param nanoTime measures ages
   * @param random draws epochs; thread-safe and unguessable
   */
  public LocalStore(
      LocalSettings settings, Clock clock, LongSupplier nanoTime, RandomGenerator random) {
    this.settings = requireNonNull(settings, "settings");
    this.clock = requireNonNull(clock, "clock");
    this.nanoTime = requireNonNull(nanoTime, "nanoTime");
    this.random = requireNonNull(random, "random");
    this.leases =
        new Leases(settings.leaseTimeout(), settings.leaseInterval(), nanoTime.getAsLong());
    this.inboxes = new LocalInboxes(leases, clock);
  }

  LocalSettings settings() {
    return settings;
  }

  Leases leases() {
    return leases;
  }

  LocalInboxes inboxes() {
    return inboxes;
  }

  long nowMillis() {
    return clock.millis();
  }

  long nowNanos() {
    return nanoTime.getAsLong();
  }

  /** Takes {@code step} on the channel, alone; a channel never used before comes into being. */
  <T> T onChannel(String name, Function<LocalChannel, T> step) {
    while (true) {
      LocalChannel channel = channels.get(name);
      if (channel == null) {
        channel = create(name);
      }
      synchronized (channel) {
        if (!channel.isRetired()) {
          return step.apply(channel);
        }
      }
    }
  }

  /** Like {@link #onChannel}, but nothing comes into being: then the answer is null. */
  @CanIgnoreReturnValue
  <T> @Nullable T ifPresent(String name, Function<LocalChannel, T> step) {
    LocalChannel channel = channels.get(name);
    if (channel == null) {
      return null;
    }
    synchronized (channel) {
      return channel.isRetired() ? null : step.apply(channel);
    }
  }

  /** Removes all presence under {@code lease}, which has ended; answers how many entries. */
  int removePresence(Lease lease) {
    int removed = 0;
    for (LocalChannel channel : channels.values()) {
      synchronized (channel) {
        removed += channel.removeAll(lease, nowNanos());
      }
    }
    return removed;
  }

  /** Removes all interest of {@code mailbox}, which is closed. */
  void removeInterest(Mailbox mailbox) {
    for (LocalChannel channel : channels.values()) {
      synchronized (channel) {
        channel.leave(mailbox, nowNanos());
      }
    }
  }

  /** Looks at the next part of the channels and drops what has expired. */
  synchronized void sweep() {
    int visits = Math.max(CHANNELS_PER_SWEEP_AT_LEAST, channels.size() / SWEEPS_PER_ROUND);
    if (!sweeper.hasNext()) {
      sweeper = channels.values().iterator();
    }
    for (int i = 0; i < visits && sweeper.hasNext(); i++) {
      LocalChannel channel = sweeper.next();
      synchronized (channel) {
        if (!channel.isRetired() && channel.expire(nowNanos())) {
          channels.remove(channel.name(), channel);
        }
      }
    }
  }

  /** Channels that exist now. */
  int size() {
    return channels.size();
  }

  private LocalChannel create(String name) {
    // Threads that create at the same moment may exceed the bound by their number.
    if (channels.size() >= settings.channels()) {
      throw new BackplaneException(
          Reason.LIMIT, "the store has " + settings.channels() + " channels");
    }
    return channels.computeIfAbsent(
        name, absent -> new LocalChannel(absent, newEpoch(), nowNanos()));
  }

  private String newEpoch() {
    return HexFormat.of().toHexDigits(random.nextLong());
  }
}
