package io.tidegate.gateway.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidegate.backplane.Payload;
import io.tidegate.gateway.protocol.ErrorCode;
import io.tidegate.gateway.protocol.JsonData;
import io.tidegate.gateway.protocol.NotJsonException;
import java.io.IOException;
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

  private static final String NULL = "null";

  static final List<Field<?>> FIELDS = List.of(DATA, B64DATA);

  /** What a JSON schema says of arguments with {@link #FIELDS}: one of them is there. */
  static void writeRequired(JsonGenerator json) throws IOException {
    JsonBody.writeArray(
        json, "anyOf", List.of(Schema.having(DATA.name()), Schema.having(B64DATA.name())));
  }

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
    return isNull(json) ? null : json;
  }

  private static @Nullable Body read(Params params, Field<Payload> plain, Field<Payload> base64) {
    Payload json = plain.in(params);
    Payload bytes = base64.in(params);
    boolean given = bytes != null && bytes.length() > 0;
    if (json != null && !isNull(json) && given) {
      throw ApiException.badRequest(base64.name(), "absent beside " + plain.name());
    }
    if (json != null && !given) {
      return new Body(json, null);
    }
    return bytes == null ? null : new Body(bytes, base64.name());
  }

  private static boolean isNull(Payload json) {
    return json.length() == NULL.length() && json.text().equals(NULL);
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
