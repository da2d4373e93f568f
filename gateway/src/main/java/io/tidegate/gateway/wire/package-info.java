/**
 * What carries a connection after the 101, on Netty's channel. Confined to the connection's event
 * loop. Sees session, limits, protocol and metrics.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.wire;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
