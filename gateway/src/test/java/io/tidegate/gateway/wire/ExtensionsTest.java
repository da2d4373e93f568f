package io.tidegate.gateway.wire;

import static io.tidegate.gateway.wire.Extensions.NONE;
import static io.tidegate.gateway.wire.Extensions.negotiate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455 section 9.1 and RFC 7692 section 7.1. */
final class ExtensionsTest {
  private static final String ANSWER =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  private static final Extensions ANY_SIZE = new Extensions(ANSWER, Integer.MAX_VALUE);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits", // what browsers offer
        "permessage-deflate;client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=\"15\"",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "\tpermessage-deflate ; client_max_window_bits = 10 ",
        ", permessage-deflate, ,",
        "x-webkit-deflate-frame, permessage-deflate",
        "foo; bar=baz; bar=\"b\\az\", permessage-deflate"
      })
  void offersAreAcceptedWithoutContextTakeover(String offer) {
    assertThat(negotiate(List.of(offer))).isEqualTo(ANY_SIZE);
  }

  @Test
  void withoutAnOfferThereIsNoAnswer() {
    assertThat(negotiate(List.of())).isEqualTo(NONE);
    assertThat(negotiate(List.of("permessage-bzip2"))).isEqualTo(NONE);
    assertThat(negotiate(List.of("Permessage-Deflate"))).isEqualTo(NONE);
  }

  @ParameterizedTest
  @CsvSource({"8, 256", "9, 512", "12, 4096", "14, 16384", "15, 2147483647"})
  void windowOfTheServerIsRepeatedAndBoundsWhatIsCompressed(int bits, int deflatable) {
    var expected = new Extensions(ANSWER + "; server_max_window_bits=" + bits, deflatable);
    assertThat(negotiate(List.of("permessage-deflate; server_max_window_bits=" + bits)))
        .isEqualTo(expected);
    assertThat(negotiate(List.of("permessage-deflate; server_max_window_bits=\"" + bits + '"')))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "server_max_window_bits",
        "server_max_window_bits=7",
        "server_max_window_bits=16",
        "server_max_window_bits=010",
        "server_max_window_bits=08",
        "server_max_window_bits=+9",
        "server_max_window_bits=x",
        "client_max_window_bits=7",
        "client_max_window_bits=16",
        "client_max_window_bits=99999999999",
        "server_no_context_takeover=true",
        "client_no_context_takeover=1",
        "Client_max_window_bits",
        "foo",
        "foo=bar",
        "client_max_window_bits; client_max_window_bits",
        "client_max_window_bits; client_max_window_bits=10",
        "server_max_window_bits=10; server_max_window_bits=10",
        "server_no_context_takeover; server_no_context_takeover"
      })
  void offerWithABadParameterIsDeclinedAndTheNextOneTaken(String parameters) {
    String bad = "permessage-deflate; " + parameters;
    assertThat(negotiate(List.of(bad))).isEqualTo(NONE);
    assertThat(negotiate(List.of(bad + ", permessage-deflate"))).isEqualTo(ANY_SIZE);
    assertThat(negotiate(List.of(bad, "permessage-deflate"))).isEqualTo(ANY_SIZE);
  }

  @Test
  void firstOfSeveralOffersIsTaken() {
    assertThat(
            negotiate(
                List.of(
                    "permessage-deflate; server_max_window_bits=10",
                    "permessage-deflate; server_max_window_bits=9, permessage-deflate")))
        .isEqualTo(new Extensions(ANSWER + "; server_max_window_bits=10", 1_024));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        ",",
        ";",
        "permessage-deflate;",
        "permessage-deflate; ;",
        "permessage-deflate; =10",
        "permessage-deflate; server_max_window_bits=",
        "permessage-deflate; server_max_window_bits=\"\"",
        "permessage-deflate; server_max_window_bits=\"10",
        "permessage-deflate; server_max_window_bits=\"10\\",
        "permessage-deflate; server_max_window_bits=\"1 0\"",
        "permessage-deflate; server_max_window_bits=\"10\"1",
        "permessage-deflate; server_max_window_bits=10=10",
        "permessage-deflate server_max_window_bits",
        "permessage deflate",
        "permessage-deflate, fo{o",
        "permessage-deflate; fö",
        "permessage-deflate\u0000"
      })
  void malformedHeaderFailsTheHandshake(String header) {
    assertThatIllegalArgumentException().isThrownBy(() -> negotiate(List.of(header)));
  }

  @Property
  void anyHeaderIsReadOrRefused(
      @ForAll
          @StringLength(max = 40)
          @Chars({'a', ';', ',', '=', '"', '\\', ' '})
          @CharRange(from = 0, to = 255)
          String rest) {
    try {
      assertThat(negotiate(List.of("permessage-deflate" + rest))).isIn(NONE, ANY_SIZE);
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("Sec-WebSocket-Extensions: malformed at");
    }
  }
}
