package io.tidegate.gateway.edge;

import java.util.Locale;

/**
 * Why an upgrade was refused before its 101: the status, and the reason in the JSON body and the
 * metric.
 */
enum Refused {
  DRAINING(503, "this node is stopping; another one will answer"),
  CONNECTION_LIMIT(503, "this node has all the connections it may have"),
  ADDRESS_LIMIT(429, "this address has all the connections it may have"),
  MALFORMED_REQUEST(400, "not a valid HTTP request"),
  URI_TOO_LONG(414, "the request line is longer than 16 KiB"),
  HEADERS_TOO_LARGE(431, "the header fields are longer than 32 KiB together"),
  HTTP_VERSION(505, "HTTP/1.1 is spoken here"),
  BAD_HOST(400, "a request has exactly one Host, which names one"),
  NOT_FOUND(404, "no such path"),
  METHOD_NOT_ALLOWED(405, "an upgrade is a GET"),
  UNEXPECTED_BODY(400, "an upgrade has no body"),
  UPGRADE_REQUIRED(426, "this path speaks WebSocket only, over HTTP/1.1"),
  UNSUPPORTED_VERSION(426, "version 13 of WebSocket is spoken here"),
  BAD_KEY(400, "Sec-WebSocket-Key is not sixteen bytes in base64, once"),
  CONFLICTING_ADDRESSES(400, "the forwarded headers name two different clients"),
  ORIGIN_NOT_ALLOWED(403, "pages of this origin may not connect"),
  CONFLICTING_TOKENS(400, "the request holds two different tokens"),
  MISSING_TOKEN(401, "no token in a place where one is looked for"),
  INVALID_TOKEN(401, "the token is not valid"),
  TOKEN_EXPIRED(401, "the token has expired"),
  BAD_CHANNEL_VALUE(
      400, "a value of the query or token that names a channel is missing, doubled or malformed"),
  CHANNEL_NOT_ALLOWED(403, "the client has not all rights to the channels of this route"),
  UNSUPPORTED_SUBPROTOCOL(400, "none of the offered subprotocols is spoken here"),
  HANDSHAKE_TIMEOUT(408, "the request took too long to arrive"),
  AUTHENTICATION_TIMEOUT(503, "who this is could not be told in time"),
  INTERNAL(500, "the upgrade failed");

  private final int status;
  private final String text;

  Refused(int status, String text) {
    this.status = status;
    this.text = text;
  }

  int status() {
    return status;
  }

  String text() {
    return text;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
