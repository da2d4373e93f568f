package io.tidegate.backplane;

/**
 * A node that holds a lease.
 *
 * @param name as configured, for people; the host name unless set
 * @param startedMillis milliseconds since the Unix epoch
 */
public record NodeInfo(String id, String name, String version, long startedMillis) {}
