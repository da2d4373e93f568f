package io.tidegate.gateway.protocol;

import com.fasterxml.jackson.core.JsonParser;
import io.tidegate.backplane.Payload;
import java.io.IOException;

/**
 * Takes one value out of a larger JSON text byte by byte, so that numbers, escapes and key order
 * are those of the sender.
 */
public final class JsonSlice {
  private JsonSlice() {}

  /** A parser over all of {@code source} that keeps nothing of it. */
  public static JsonParser parser(byte[] source) throws IOException {
    return JsonData.FACTORY.createParser(source);
  }

  /**
   * The value under the parser's cursor; the cursor ends on its last token.
   *
   * @param parser one of {@link #parser} over the same {@code source}
   */
  public static Payload take(JsonParser parser, byte[] source)
      throws IOException, NotJsonException {
    int start = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    var ignored = parser.skipChildren();
    parser.finishToken();
    int end = Math.toIntExact(parser.currentLocation().getByteOffset());
    return JsonData.normalize(source, start, end - start);
  }
}
