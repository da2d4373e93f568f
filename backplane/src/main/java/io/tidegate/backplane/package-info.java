/**
 * What connects nodes, as a node sees it: streams of publications with history ({@link
 * io.tidegate.backplane.Backplane}), who is present ({@link io.tidegate.backplane.PresenceStore}),
 * the other nodes ({@link io.tidegate.backplane.Cluster}), and messages of clients to services
 * ({@link io.tidegate.backplane.ServiceInbox}), joined in one {@link
 * io.tidegate.backplane.BackplaneNode} that shares one life and one link to the store.
 *
 * <p>Implementations live in sibling packages and never see each other, but for {@code inbox},
 * whose rules they share; one contract suite holds for all of them. Everything here is immutable or
 * thread-safe.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.backplane;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
