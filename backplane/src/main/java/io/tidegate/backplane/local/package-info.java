/**
 * The backplane inside one process: the reference behaviour, and what a single node runs on. {@link
 * io.tidegate.backplane.local.LocalStore} holds everything; each {@link
 * io.tidegate.backplane.local.LocalNode} is one node's view of it. Several nodes on one store
 * behave like a cluster.
 *
 * <p>Thread rule: a channel is changed under its own monitor, which is never held while anything
 * else is called; what listeners are to hear goes, still under the monitor, into one queue per
 * node, and one task on that node's Vert.x context empties it. So calls for a channel are in order,
 * never overlap, and may use the backplane themselves. Sees the backplane's API and {@code inbox}
 * only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.backplane.local;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
