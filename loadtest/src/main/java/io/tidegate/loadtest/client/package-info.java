/**
 * Clients of the gateway as docs/protocol.md tells how to write them: connect, subscribe, publish,
 * answer pings, read pushes. A client belongs to its event loop. Sees {@code measure} only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.loadtest.client;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
