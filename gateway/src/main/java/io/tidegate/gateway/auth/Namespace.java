package io.tidegate.gateway.auth;

import io.tidegate.backplane.StreamPolicy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a set of channels.
 *
 * @param name the part before the colon; empty for channels without one
 * @param recover whether clients may go on from a position after a reconnect
 * @param positioned whether subscribers learn positions and are told when they missed something
 * @param joinLeave whether subscribers are told who enters and leaves
 * @param json whether data must be JSON; else any bytes, and clients of JSON protocols cannot
 *     subscribe
 * @param newestOnly whether who recovers gets the newest publication alone, whatever it has missed
 * @param pushJoinLeave whether subscribers are told of joins and leaves without asking
 * @param userLimited whether a name may end with the users that alone may subscribe: {@code
 *     room#42,43}
 * @param names what the part behind the colon has to be; absent for anything
 */
public record Namespace(
    String name,
    StreamPolicy stream,
    boolean recover,
    boolean positioned,
    boolean presence,
    boolean joinLeave,
    Set<Who> subscribe,
    Set<Who> publish,
    Set<Who> readHistory,
    Set<Who> readPresence,
    boolean json,
    boolean newestOnly,
    boolean pushJoinLeave,
    boolean userLimited,
    @Nullable ChannelPattern names) {
  public Namespace {
    subscribe = Set.copyOf(subscribe);
    publish = Set.copyOf(publish);
    readHistory = Set.copyOf(readHistory);
    readPresence = Set.copyOf(readPresence);
    if (recover && stream.historySize() == 0) {
      throw new IllegalArgumentException("recover: true (expected: history_size > 0 beside it)");
    }
  }

  /** Whether subscribers learn positions: recovery needs them, whether asked for by name or not. */
  public boolean learnsPositions() {
    return positioned || recover;
  }

  /**
   * Whether publications are told with their offsets. One text goes to all subscribers, and any may
   * have asked for positions where the stream is kept.
   */
  public boolean tellsOffsets() {
    return learnsPositions() || stream.historySize() > 0;
  }

  /** Whether entries are kept in the presence store at all. */
  public boolean tracksPresence() {
    return presence || joinLeave;
  }
}
