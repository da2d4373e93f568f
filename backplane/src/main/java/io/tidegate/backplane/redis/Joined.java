package io.tidegate.backplane.redis;

import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.BackplaneListener;
import io.tidegate.backplane.BackplaneMetrics;
import io.tidegate.backplane.HistoryQuery;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channels that this node joined. Each is compared with its stream after every doubt, and once
 * in two minutes whatever happens, which keeps its epoch alive, too; so many at a time that a
 * restart is not followed by a stampede. Confined to the node's context.
 */
final class Joined {
  private static final Logger log = LoggerFactory.getLogger(Joined.class);
  private static final int READINGS_AT_MOST = 64;
  private static final int PAGE = 256;
  private static final Duration ROUND = Duration.ofMinutes(2);
  private static final Duration STEP = Duration.ofSeconds(1);

  private final Keys keys;
  private final SubscribeLink events;
  private final Channels channels;
  private final BackplaneListener listener;
  private final BackplaneMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<String, JoinedChannel> joined = new HashMap<>();
  private final Set<JoinedChannel> toRead = new LinkedHashSet<>();
  private final Set<JoinedChannel> toRetry = new LinkedHashSet<>();
  private final ArrayDeque<JoinedChannel> round = new ArrayDeque<>();
  private int readings;
  private long nextStep;

  Joined(
      Keys keys,
      SubscribeLink events,
      Channels channels,
      BackplaneListener listener,
      BackplaneMetrics metrics,
      LongSupplier nanoTime) {
    this.keys = keys;
    this.events = events;
    this.channels = channels;
    this.listener = listener;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
    this.nextStep = nanoTime.getAsLong() + STEP.toNanos();
  }

  Future<StreamPosition> join(String name, StreamPolicy policy) {
    JoinedChannel present = joined.get(name);
    if (present != null) {
      present.policy(policy);
      return position(name, policy).map(Place::position);
    }
    var channel = new JoinedChannel(name, policy, listener, metrics);
    joined.put(name, channel);
    return events
        .subscribe(keys.events(name), new ChannelEar(channel))
        .compose(confirmed -> position(name, policy))
        .map(place -> begin(channel, place))
        .onFailure(failure -> forget(channel));
  }

  /** From the moment of this call on the listener hears nothing of it. */
  Future<Void> leave(String name) {
    JoinedChannel channel = joined.get(name);
    if (channel != null) {
      forget(channel);
    }
    return Future.succeededFuture();
  }

  /** Compares every channel with its stream. */
  void doubtAll() {
    joined.values().forEach(this::doubt);
  }

  void tick() {
    long now = nanoTime.getAsLong();
    if (now - nextStep < 0) {
      return;
    }
    nextStep = now + STEP.toNanos();
    List<JoinedChannel> retries = List.copyOf(toRetry);
    toRetry.clear();
    retries.forEach(this::doubt);
    int due = (int) (joined.size() * STEP.toMillis() / ROUND.toMillis()) + 1;
    for (int i = 0; i < due && !joined.isEmpty(); i++) {
      if (round.isEmpty()) {
        round.addAll(joined.values());
      }
      JoinedChannel next = round.remove();
      if (isJoined(next)) {
        doubt(next);
      }
    }
  }

  void close() {
    new ArrayList<>(joined.values()).forEach(this::forget);
  }

  private StreamPosition begin(JoinedChannel channel, Place place) {
    if (!isJoined(channel)) {
      throw new BackplaneException(Reason.UNAVAILABLE, "the channel was left meanwhile");
    }
    if (channel.begin(place)) {
      doubt(channel);
    }
    return place.position();
  }

  private void forget(JoinedChannel channel) {
    if (joined.remove(channel.name(), channel)) {
      toRead.remove(channel);
      toRetry.remove(channel);
      events.unsubscribe(keys.events(channel.name()));
    }
  }

  private boolean isJoined(JoinedChannel channel) {
    return joined.get(channel.name()) == channel;
  }

  private Future<Place> position(String name, StreamPolicy policy) {
    return channels.read(name, policy, HistoryQuery.positionOnly()).map(Page::top);
  }

  private void doubt(JoinedChannel channel) {
    if (channel.place() != null) {
      toRead.add(channel);
      readNext();
    }
  }

  private void readNext() {
    while (readings < READINGS_AT_MOST && !toRead.isEmpty()) {
      JoinedChannel next = toRead.iterator().next();
      toRead.remove(next);
      Place place = next.place();
      if (place != null && next.startReading()) {
        read(next, place);
      }
    }
  }

  private void read(JoinedChannel channel, Place place) {
    readings++;
    channels
        .read(channel.name(), channel.policy(), HistoryQuery.after(place.position(), PAGE))
        .compose(
            page ->
                channel.isAhead(page)
                    ? events.caughtUp().map(heard -> page)
                    : Future.succeededFuture(page))
        .onComplete(
            page -> {
              readings--;
              if (page.failed()) {
                log.debug("channel could not be compared with its stream", page.cause());
                channel.readingFailed();
                retry(channel);
              } else if (isJoined(channel) && tell(channel, page.result())) {
                doubt(channel);
              }
              readNext();
            });
  }

  /** With the next step: the store failed, or the listener. */
  private void retry(JoinedChannel channel) {
    if (isJoined(channel)) {
      toRetry.add(channel);
    }
  }

  private boolean tell(JoinedChannel channel, Page page) {
    try {
      return channel.read(page);
    } catch (RuntimeException e) {
      log.error("listener failed", e);
      channel.readingFailed();
      retry(channel);
      return false;
    }
  }

  private final class ChannelEar implements SubscribeLink.Ear {
    private final JoinedChannel channel;

    ChannelEar(JoinedChannel channel) {
      this.channel = channel;
    }

    @Override
    public void message(byte[] content) {
      Event event = read(content);
      if (event == null) {
        return;
      }
      try {
        if (channel.hear(event)) {
          doubt(channel);
        }
      } catch (RuntimeException e) {
        log.error("listener failed", e);
      }
    }

    @Override
    public void subscribed(boolean again) {
      if (again) {
        if (channel.place() == null) {
          channel.miss();
        }
        doubt(channel);
      }
    }

    private @Nullable Event read(byte[] content) {
      try {
        return Event.read(content);
      } catch (RuntimeException e) {
        log.warn("message is none of ours channel={} bytes={}", channel.name(), content.length);
        return null;
      }
    }
  }
}
