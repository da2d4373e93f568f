/**
 * Local fan-out: from one publication of the backplane to every subscriber on this node. Hub is
 * thread-safe; a HubShard belongs to one event loop. Sees protocol, metrics and the backplane API
 * only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.hub;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
