package io.tidegate.backplane;

/**
 * A message in the hands of a consumer.
 *
 * @param attempt 1 for the first time, more when it may have been handled before
 */
public record ServiceDelivery(ServiceMessage message, int attempt) {}
