package io.tidegate.gateway.session;

import io.tidegate.backplane.Backplane;
import io.tidegate.backplane.PresenceStore;
import io.tidegate.gateway.auth.AuthSettings;
import io.tidegate.gateway.auth.Authenticator;
import io.tidegate.gateway.auth.Namespaces;
import io.tidegate.gateway.auth.PersonalChannel;
import io.tidegate.gateway.auth.SubscriptionTokens;
import io.tidegate.gateway.limits.SessionLimits;
import io.tidegate.gateway.metrics.Metrics;
import io.tidegate.gateway.service.Services;
import java.time.Clock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What all sessions of a node share. Thread-safe.
 *
 * @param personal absent where users have no channels of their own
 * @param ids unguessable connection ids
 * @param random for jitter only
 */
public record SessionNode(
    String nodeId,
    String version,
    Backplane backplane,
    PresenceStore presence,
    Authenticator authenticator,
    SubscriptionTokens subscriptionTokens,
    AuthSettings auth,
    Namespaces namespaces,
    @Nullable PersonalChannel personal,
    OtherConnections others,
    Services services,
    SessionLimits limits,
    HeartbeatSettings heartbeat,
    OutboundSettings outbound,
    Metrics metrics,
    Clock clock,
    LongSupplier nanoTime,
    RandomGenerator random,
    Supplier<String> ids) {}
