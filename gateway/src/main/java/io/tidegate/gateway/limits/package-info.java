/**
 * How much: token buckets and the bounds of one connection. A bucket belongs to one event loop.
 * Sees protocol and metrics only.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.gateway.limits;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
