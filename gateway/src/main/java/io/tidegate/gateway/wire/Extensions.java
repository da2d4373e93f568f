package io.tidegate.gateway.wire;

import io.tidegate.gateway.wire.ExtensionOffers.Offer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is agreed on in the handshake (RFC 6455 section 9.1): permessage-deflate, whatever was
 * offered without context takeover in either direction (RFC 7692 section 7.1.1), or nothing.
 *
 * @param answer value of the answer's {@code Sec-WebSocket-Extensions}; absent where the header is
 * @param deflatable bytes of the largest message that the client takes compressed; 0 for none
 */
public record Extensions(@Nullable String answer, int deflatable) {
  public static final Extensions NONE = new Extensions(null, 0);

  private static final String DEFLATE = "permessage-deflate";
  private static final String SERVER_BITS = "server_max_window_bits";
  private static final int LARGEST_WINDOW = 15;

  /**
   * Accepts the first offer that is one of permessage-deflate as section 7.1 has it; an offer with
   * a parameter that is unknown, given twice or out of range is declined, and the next one is
   * looked at.
   *
   * @param headers the values of the request's {@code Sec-WebSocket-Extensions} headers
   * @throws IllegalArgumentException where they are no list of extensions: RFC 6455 section 9.1
   *     wants the handshake to fail then (400)
   */
  public static Extensions negotiate(List<String> headers) {
    for (Offer offer : ExtensionOffers.parse(headers)) {
      if (offer.name().equals(DEFLATE) && acceptable(offer)) {
        return accept(offer.parameters().get(SERVER_BITS));
      }
    }
    return NONE;
  }

  private static boolean acceptable(Offer offer) {
    return !offer.repeats()
        && offer.parameters().entrySet().stream().allMatch(Extensions::acceptable);
  }

  private static boolean acceptable(Map.Entry<String, String> parameter) {
    String value = parameter.getValue();
    return switch (parameter.getKey()) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
      case SERVER_BITS -> isWindow(value);
      case "client_max_window_bits" -> value.isEmpty() || isWindow(value);
      default -> false;
    };
  }

  private static boolean isWindow(String value) {
    return value.matches("[89]|1[0-5]");
  }

  private static Extensions accept(@Nullable String serverBits) {
    String answer = DEFLATE + "; server_no_context_takeover; client_no_context_takeover";
    if (serverBits == null) {
      return new Extensions(answer, Integer.MAX_VALUE);
    }
    int bits = Integer.parseInt(serverBits);
    // No reference reaches further back than the largest window, nor than the message's beginning.
    return new Extensions(
        answer + "; " + SERVER_BITS + "=" + bits,
        bits == LARGEST_WINDOW ? Integer.MAX_VALUE : 1 << bits);
  }
}
