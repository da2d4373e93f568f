package io.tidegate.gateway.api;

/**
 * What is open on one node.
 *
 * @param clients connections
 * @param users distinct users among them
 * @param channels channels with a subscriber
 */
public record NodeStats(int clients, int users, int channels) {}
