package io.tidegate.backplane.hazelcast;

import io.tidegate.backplane.inbox.ShardAnswer;

/** A {@link ShardAnswer} on its way back. */
record ShardReply(ShardAnswer answer) {}
