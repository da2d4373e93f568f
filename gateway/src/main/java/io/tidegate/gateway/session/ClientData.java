package io.tidegate.gateway.session;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.NotJsonException;

/** Data of clients, where they have to be JSON. */
final class ClientData {
  private ClientData() {}

  /**
   * The data as what can stand in any frame.
   *
   * @param field where they came, for who reads the refusal
   */
  static Payload json(Session session, String field, Payload data) {
    if (!session.protocol().carriesBytes()) {
      // They were cut out of JSON.
      return data;
    }
    try {
      return JsonData.normalize(data.bytes(), 0, data.length());
    } catch (NotJsonException e) {
      throw new Refusal(ErrorCode.BAD_REQUEST, field + ": " + e.getMessage());
    }
  }
}
