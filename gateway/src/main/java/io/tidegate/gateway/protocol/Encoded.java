package io.tidegate.gateway.protocol;

/**
 * One message as a client protocol encodes it.
 *
 * @param bytes shared: never modified
 * @param text whether it goes out in a text frame (RFC 6455 section 5.6), else in a binary one
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed on, never compared
public record Encoded(byte[] bytes, boolean text) {}
