package io.tidegate.backplane;

/**
 * Where a publication went.
 *
 * @param position the publication's own position
 * @param duplicate true when the idempotency key was known: nothing was appended, and the position
 *     is the first publish's
 */
public record PublishResult(StreamPosition position, boolean duplicate) {}
