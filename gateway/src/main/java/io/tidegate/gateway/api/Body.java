package io.tidegate.gateway.api;

import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.NotJsonException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Data for clients, as JSON or as bytes in base64.
 *
 * @param bytes the data
 * @param encoded by which field it came in base64; absent where it was JSON and has been checked
 */
record Body(Payload bytes, @Nullable String encoded) {
  private static final Field<Payload> DATA = Field.json("data", "Any JSON value.");
  private static final Field<Payload> B64DATA =
      Field.base64("b64data", "Bytes, in place of `data`.");

  static final List<Field<?>> FIELDS = List.of(DATA, B64DATA);

  /** The data, of which there has to be some. */
  static Body of(Params params) {
    Body body = read(params, DATA, B64DATA);
    if (body == null) {
      throw ApiException.badRequest("data", "data, or b64data in its place");
    }
    return body;
  }

  /** JSON of one of two fields; absent where it is, or is empty. */
  static @Nullable Payload optionalJson(
      Params params, Field<Payload> plain, Field<Payload> base64) {
    Body body = read(params, plain, base64);
    if (body == null || body.bytes.length() == 0) {
      return null;
    }
    Payload json = body.json();
    return json.text().equals("null") ? null : json;
  }

  private static @Nullable Body read(Params params, Field<Payload> plain, Field<Payload> base64) {
    Payload json = plain.in(params);
    Payload bytes = base64.in(params);
    if (json != null && bytes != null) {
      throw ApiException.badRequest(base64.name(), "absent beside " + plain.name());
    }
    if (json != null) {
      return new Body(json, null);
    }
    return bytes == null ? null : new Body(bytes, base64.name());
  }

  /** The data where it has to be JSON. The request's own JSON has passed that gate already. */
  Payload json() {
    if (encoded == null) {
      return bytes;
    }
    try {
      return JsonData.normalize(bytes.bytes(), 0, bytes.length());
    } catch (NotJsonException e) {
      throw new ApiException(ErrorCode.BAD_REQUEST, encoded + ": " + e.getMessage());
    }
  }
}
