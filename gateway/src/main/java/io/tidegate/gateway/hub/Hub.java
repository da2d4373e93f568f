package io.tidegate.gateway.hub;

import static java.util.Objects.requireNonNull;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.BackplaneException;
import io.tidegate.backplane.BackplaneException.Reason;
import io.tidegate.backplane.ClientInfo;
import io.tidegate.backplane.GapCause;
import io.tidegate.backplane.Publication;
import io.tidegate.backplane.StreamPolicy;
import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.hub.Interest.Next;
import io.tidegate.gateway.protocol.Push;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From one publication to every event loop of this node with a subscriber, and to no other. The
 * first local subscriber of a channel joins the backplane, the last one leaves it. Thread-safe;
 * never blocks.
 *
 * <p>Order of hops: backplane thread, {@link Interest}'s monitor, the loop's queue, {@link
 * HubShard}.
 */
public final class Hub {
  private static final Logger log = LoggerFactory.getLogger(Hub.class);

  private final ConcurrentMap<String, Interest> interests = new ConcurrentHashMap<>();
  private final Backplane backplane;
  private final BiFunction<String, Publication, Push> pushes;

  /**
   * Makes a hub for one node.
   *
   * @param pushes a channel's publication as its subscribers are told
   */
  public Hub(Backplane backplane, BiFunction<String, Publication, Push> pushes) {
    this.backplane = requireNonNull(backplane, "backplane");
    this.pushes = requireNonNull(pushes, "pushes");
  }

  /** The next publication of a channel, from the backplane. */
  public void publication(String channel, String epoch, Publication publication) {
    Interest interest = interests.get(channel);
    if (interest != null) {
      interest.happened(epoch, new ChannelEvent(pushes.apply(channel, publication)));
    }
  }

  /** A client entered a channel. */
  public void joined(String channel, ClientInfo member) {
    Interest interest = interests.get(channel);
    if (interest != null) {
      interest.happened("", new ChannelEvent(new Push.Join(channel, member)));
    }
  }

  /** A client left a channel. */
  public void left(String channel, ClientInfo member) {
    Interest interest = interests.get(channel);
    if (interest != null) {
      interest.happened("", new ChannelEvent(new Push.Leave(channel, member)));
    }
  }

  /** A channel's stream goes on from {@code resumed}; something before it may be missing. */
  public void discontinued(String channel, StreamPosition resumed, GapCause cause) {
    Interest interest = interests.get(channel);
    if (interest != null) {
      interest.discontinued(resumed, cause);
    }
  }

  /** Joins or leaves of a channel were missed. */
  public void presenceReset(String channel) {
    Interest interest = interests.get(channel);
    if (interest != null) {
      interest.presenceReset();
    }
  }

  /** Channels with a subscriber on this node, those being joined or left included. */
  public int channels() {
    return interests.size();
  }

  /**
   * Those of {@link #channels} whose name is {@code wanted}, {@code most} at most. Looks at each
   * name there is, which takes a while where there are many.
   */
  public List<String> names(Predicate<String> wanted, int most) {
    return interests.keySet().stream().filter(wanted).limit(most).toList();
  }

  void enter(LocalChannel local, StreamPolicy policy) {
    while (true) {
      Interest interest = interests.computeIfAbsent(local.name, name -> new Interest());
      Next next = interest.enter(local);
      if (next != null) {
        proceed(local.name, policy, interest, next);
        return;
      }
      interests.remove(local.name, interest);
    }
  }

  void leave(LocalChannel local, StreamPolicy policy) {
    Interest interest = interests.get(local.name);
    if (interest != null) {
      proceed(local.name, policy, interest, interest.leave(local));
    }
  }

  void resume(LocalChannel local) {
    Interest interest = interests.get(local.name);
    if (interest != null) {
      interest.resume(local);
    }
  }

  private void proceed(String channel, StreamPolicy policy, Interest interest, Next next) {
    switch (next) {
      case NOTHING -> {}
      case FORGET -> interests.remove(channel, interest);
      case JOIN ->
          backplane
              .join(channel, policy)
              .onSuccess(at -> proceed(channel, policy, interest, interest.joined(at)))
              .onFailure(e -> proceed(channel, policy, interest, interest.refused(typed(e))));
      case LEAVE ->
          backplane
              .leave(channel)
              .onFailure(e -> log.warn("leave failed channels={}", interests.size(), e))
              .onComplete(done -> proceed(channel, policy, interest, interest.left()));
    }
  }

  private static BackplaneException typed(Throwable e) {
    return e instanceof BackplaneException typed
        ? typed
        : new BackplaneException(Reason.UNAVAILABLE, "join failed", e);
  }
}
