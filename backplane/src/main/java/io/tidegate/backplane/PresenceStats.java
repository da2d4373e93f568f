package io.tidegate.backplane;

/**
 * How many are in a channel.
 *
 * @param clients connections in the channel
 * @param users distinct users among them
 */
public record PresenceStats(int clients, int users) {}
