/**
 * The backplane over a Redis server (or one that speaks as it does), 6.2 or later: see
 * docs/decisions/0007-redis.md. Each operation on a channel is one script over the keys of that
 * channel, so that look-up, append, count and publish are one step; events reach a node by one
 * subscribe connection, and each carries its place in the channel's stream, so that a node sees
 * what it missed and reads it from the stream.
 *
 * <p>The node and all its parts are confined to one event-loop context; {@link
 * io.tidegate.backplane.redis.RedisNode} and the seams that it answers hop there. Sees the
 * backplane's API and the Vert.x Redis client only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.backplane.redis;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
