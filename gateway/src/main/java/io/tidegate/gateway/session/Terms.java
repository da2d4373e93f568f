package io.tidegate.gateway.session;

import io.tidegate.backplane.StreamPosition;
import io.tidegate.gateway.auth.Namespace;
import io.tidegate.gateway.auth.SubscriptionOptions;
import io.tidegate.gateway.protocol.Command;
import org.jspecify.annotations.Nullable;

/**
 * What a subscription is to be, settled from the channel's namespace, the client's wishes and what
 * whoever granted it said; the last of these has the last word. Whether it may be at all has been
 * decided before.
 *
 * @param serverSide whether the server makes it: it ends with its connection rather than alone
 * @param positioned whether the client learns positions, and is told when it missed something
 * @param joinLeave whether the client is told who enters and leaves
 * @param recover the position to go on from; absent where nothing is to be recovered
 * @param recoverOrFail whether to fail rather than not to recover
 */
record Terms(
    Namespace namespace,
    boolean serverSide,
    boolean recoverable,
    boolean positioned,
    boolean joinLeave,
    @Nullable StreamPosition recover,
    boolean recoverOrFail,
    SubscriptionOptions options) {

  /**
   * Of a subscription that a client asks for.
   *
   * @param readsHistory whether the client may read the channel's history
   */
  static Terms asked(
      Command.Subscribe command,
      Namespace namespace,
      boolean readsHistory,
      SubscriptionOptions options) {
    boolean heard = readsHistory && namespace.stream().historySize() > 0;
    return of(
        namespace,
        false,
        heard && command.recoverable(),
        heard && command.positioned(),
        command.joinLeave(),
        command.recover(),
        command.recoverOrFail(),
        options);
  }

  /** Of a subscription that the server makes by itself. */
  static Terms made(
      Namespace namespace, SubscriptionOptions options, @Nullable StreamPosition recover) {
    return of(namespace, true, false, false, false, recover, false, options);
  }

  private static Terms of(
      Namespace namespace,
      boolean serverSide,
      boolean wantsRecovery,
      boolean wantsPositions,
      boolean wantsJoinLeave,
      @Nullable StreamPosition recover,
      boolean recoverOrFail,
      SubscriptionOptions options) {
    SubscriptionOptions.Overrides overrides = options.overrides();
    boolean recoverable =
        either(overrides.recover(), namespace.recover() || wantsRecovery)
            && namespace.stream().historySize() > 0;
    boolean positioned =
        recoverable || either(overrides.positioned(), namespace.positioned() || wantsPositions);
    boolean joinLeave =
        (wantsJoinLeave && namespace.joinLeave())
            || either(
                overrides.pushJoinLeave(), namespace.pushJoinLeave() && namespace.joinLeave());
    return new Terms(
        namespace, serverSide, recoverable, positioned, joinLeave, recover, recoverOrFail, options);
  }

  /** Whether joins and leaves of it are told to others. */
  boolean announced() {
    return entersPresence() && either(options.overrides().joinLeave(), namespace.joinLeave());
  }

  /** Who is in no list is not told of either. */
  boolean entersPresence() {
    SubscriptionOptions.Overrides overrides = options.overrides();
    return either(
        overrides.presence(),
        namespace.presence() || either(overrides.joinLeave(), namespace.joinLeave()));
  }

  private static boolean either(@Nullable Boolean override, boolean otherwise) {
    return override == null ? otherwise : override;
  }
}
