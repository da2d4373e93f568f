package io.tidegate.backplane.hazelcast;

import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What a channel's owner knows while it takes a {@link Turn}.
 *
 * @param term of the channel's partition, see {@link PartitionTerms}
 * @param membersAtMost presence entries that a channel may have
 * @param newEpoch draws an epoch that nobody ever used
 * @param isMember whether the cluster has this member
 */
record Owner(
    long nowMillis,
    long term,
    int membersAtMost,
    Supplier<String> newEpoch,
    Predicate<UUID> isMember) {}
