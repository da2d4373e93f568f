package io.tidegate.gateway.wire;

import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.metrics.Metrics;
import io.vertx.core.internal.ContextInternal;
import java.util.function.LongSupplier;

/**
 * What the connections of one event loop share.
 *
 * @param context in which connections' handlers are called
 * @param nanoTime as of {@link System#nanoTime}
 * @param inflaters of this loop alone
 */
public record WireLoop(
    ContextInternal context,
    SessionLimits limits,
    Metrics metrics,
    LongSupplier nanoTime,
    Inflaters inflaters) {}
