/**
 * Inboxes of services, whichever store holds them: what a shard of an inbox is and how it changes
 * ({@code ShardState}), how a node puts messages in ({@code NodeInbox}) and how a consumer takes
 * them out ({@code Consumer}). A store implements {@code InboxStore}.
 *
 * <p>Types are thread-safe or confined as they say. Depends on the backplane's seams only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.backplane.inbox;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
