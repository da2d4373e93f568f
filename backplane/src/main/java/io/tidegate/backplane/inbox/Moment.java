package io.tidegate.backplane.inbox;

import java.util.function.Predicate;

/**
 * When and among whom a shard changes: the same operation at the same moment on the same state
 * changes it in the same way.
 *
 * @param isGone whether the node with this id is known to have ended
 */
public record Moment(long nowMillis, Predicate<String> isGone) {}
