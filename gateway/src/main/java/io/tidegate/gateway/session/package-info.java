/**
 * One connection's life: commands, subscriptions, recovery, limits, outbox. A session belongs to
 * the event loop that accepted it. Sees the socket through Connection only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.session;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
