/**
 * The backplane on an embedded Hazelcast grid: each node is a member. All that is known of a
 * channel is one {@code ChannelState}, held by the member that owns the channel's partition and
 * backed up by others. A node talks to a channel's owner through one numbered stream of batches
 * ({@code ChannelLink}), each run there as one entry processor ({@code RunBatch}); what happened in
 * it comes back once it is backed up, and only then the asking node hands it out, through one
 * {@code Outbox} per interested node. A {@code Receiver} restores the order and asks for what is
 * missing. A partition's owner has a <em>term</em> ({@code PartitionTerms}): a state last written
 * in another term is a promoted copy, and forks. The dead are swept by the oldest member ({@code
 * Sweeper}). A service's inbox is in shards ({@code RunShardOp}, {@code ShardLinks}), which follow
 * the rules of {@code io.tidegate.backplane.inbox}. The reasons are in {@code docs/decisions/0001}
 * to {@code 0004} and {@code 0008}.
 *
 * <p>Threads: {@code ChannelState}, {@code Turn} and the entry processors run on Hazelcast's
 * partition threads and never wait. Everything of a node (links, receivers, outboxes, calls of the
 * listener) is confined to its one {@link io.tidegate.backplane.hazelcast.NodeThread}. Sees the
 * API, {@code inbox} and {@code com.hazelcast} only; {@code PartitionTerms} alone uses Hazelcast's
 * internal interfaces.
 */
@NullMarked
@CheckReturnValue
package io.tidegate.backplane.hazelcast;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
