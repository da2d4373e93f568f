package io.tidegate.gateway.address;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.gateway.address.Client.Problem;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the client is, by what proxies say of it. */
final class ClientAddressesTest {
  private static final String PROXY = "10.0.0.1";
  private static final String STRANGER = "198.51.100.9";
  private static final String CLIENT = "203.0.113.7";

  private final ClientAddresses addresses =
      new ClientAddresses(
          Stream.of("10.0.0.0/8", "fd00::/8").map(n -> requireNonNull(Network.parse(n))).toList());

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.7                      | 203.0.113.7",
        "203.0.113.7, 10.0.0.2            | 203.0.113.7",
        "1.1.1.1, 203.0.113.7             | 203.0.113.7",
        "10.9.9.9, 203.0.113.7, 10.0.0.2  | 203.0.113.7",
        "10.0.0.3, 10.0.0.2               | 10.0.0.3",
        "rubbish, 203.0.113.7             | 203.0.113.7",
        "203.0.113.7:50000                | 203.0.113.7",
        "2001:db8::7                      | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7]                    | 2001:db8:0:0:0:0:0:7",
        "[2001:db8::7]:443                | 2001:db8:0:0:0:0:0:7",
        "::ffff:203.0.113.7               | 203.0.113.7",
        ", ,203.0.113.7 ,,                | 203.0.113.7",
      })
  void theFirstFromTheRightThatIsNoProxyIsTheClient(String header, String client) {
    assertThat(find(PROXY, header)).isEqualTo(told(client, client.startsWith("10."), null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=203.0.113.7                                  | 203.0.113.7",
        "FOR=203.0.113.7                                  | 203.0.113.7",
        "for=\"203.0.113.7:50000\"                        | 203.0.113.7",
        "for=203.0.113.7:50000                            | 203.0.113.7",
        "for=\"203.0.113.7:_port\"                        | 203.0.113.7",
        "for=\"[2001:db8::7]\"                            | 2001:db8:0:0:0:0:0:7",
        "for=\"[2001:db8::7]:443\"                        | 2001:db8:0:0:0:0:0:7",
        "by=10.0.0.1; for=203.0.113.7 ;host=\"a,b;c\"     | 203.0.113.7",
        "for=1.1.1.1, for=203.0.113.7, for=10.0.0.2       | 203.0.113.7",
        "for=\"1.1.1.1, for=203.0.113.7                   | 203.0.113.7",
        "for=\"x, for=\"[2001:db8::7]\"                   | 2001:db8:0:0:0:0:0:7",
        "for=\"a\\, for=\"203.0.113.7\"                   | 203.0.113.7",
        "for=203.0.113.7;ext=\"\\\"quoted\\\", not\"      | 203.0.113.7",
        "for=\"203.0.113.\\7\"                            | 203.0.113.7",
      })
  void forwardedIsReadTheSameWay(String header, String client) {
    Client found = addresses.find(address(PROXY), List.of(header), List.of(), List.of());

    assertThat(found).isEqualTo(told(client, false, null));
  }

  @Test
  void linesOfAHeaderAreOneListInTheirOrder() {
    List<String> lines = List.of("1.1.1.1", CLIENT + ", 10.0.0.3", "10.0.0.2");

    Client found = addresses.find(address(PROXY), List.of(), lines, List.of());

    assertThat(found).isEqualTo(told(CLIENT, false, null));
  }

  @Test
  void aStrangerIsItselfWhateverItSays() {
    assertThat(find(STRANGER, CLIENT)).isEqualTo(told(STRANGER, false, Problem.STRANGER));
    assertThat(
            addresses.find(
                address(STRANGER), List.of("for=" + CLIENT), List.of(), List.of("https")))
        .isEqualTo(told(STRANGER, false, Problem.STRANGER));
    assertThat(addresses.find(address(STRANGER), List.of(), List.of(), List.of("https")))
        .isEqualTo(told(STRANGER, false, null));
  }

  @Test
  void aProxyThatSaysNothingIsItself() {
    assertThat(addresses.find(address(PROXY), List.of(), List.of(), List.of()))
        .isEqualTo(told(PROXY, true, null));
    assertThat(find(PROXY, "")).isEqualTo(told(PROXY, true, null));
  }

  @Test
  void aConnectionThatIsGoneIsNobodys() {
    assertThat(addresses.find(null, List.of(), List.of(CLIENT), List.of()))
        .isEqualTo(new Client(null, false, false, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"unknown", "Unknown", "_hidden", "_a.b-c", "unknown:80", "_x:_y"})
  void behindAnObfuscatedHopNobodyIsLookedFor(String name) {
    assertThat(find(PROXY, CLIENT + ", " + name + ", 10.0.0.2"))
        .isEqualTo(told("10.0.0.2", true, Problem.UNIDENTIFIED));
    List<String> line = List.of("for=" + CLIENT + ", for=\"" + name + "\", for=10.0.0.2");
    assertThat(addresses.find(address(PROXY), line, List.of(), List.of()))
        .isEqualTo(told("10.0.0.2", true, Problem.UNIDENTIFIED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rubbish", "203.0.113.777", "203.0.113.7:123456", "203.0.113.7:", "[203.0.113.7", "[]",
        "fe80::1%eth0", "[fe80::1%25eth0]", "\"203.0.113.7\"", "203.0.113.7 1.1.1.1", "_", ":80"
      })
  void behindAHopThatIsNoAddressNobodyIsLookedFor(String hop) {
    assertThat(find(PROXY, CLIENT + ", " + hop)).isEqualTo(told(PROXY, true, Problem.MALFORMED));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for",
        "for=",
        "=203.0.113.7",
        "for=\"203.0.113.7",
        "for=203.0.113.7\"",
        "203.0.113.7",
        "for=203.0.113.7;for=203.0.113.7",
        "for = 203.0.113.7",
        "for=[2001:db8::7",
        "for=2 1",
      })
  void anElementThatIsNoneIsMalformed(String element) {
    assertThat(addresses.find(address(PROXY), List.of(element), List.of(), List.of()))
        .isEqualTo(told(PROXY, true, Problem.MALFORMED));
  }

  @Test
  void anElementWithoutItsClientTellsNobody() {
    assertThat(addresses.find(address(PROXY), List.of("proto=https"), List.of(), List.of()))
        .isEqualTo(told(PROXY, true, Problem.UNIDENTIFIED));
  }

  @Test
  void twoKindsThatNameOneClientAreBelieved() {
    Client found =
        addresses.find(
            address(PROXY),
            List.of("for=\"" + CLIENT + ":1\";proto=https"),
            List.of("1.1.1.1, " + CLIENT),
            List.of());

    assertThat(found).isEqualTo(new Client(address(CLIENT), false, true, null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"for=1.1.1.1", "for=unknown", "rubbish", "for=203.0.113.7, for=1.1.1.1"})
  void twoKindsThatDifferAreBothDoubted(String forwarded) {
    Client found =
        addresses.find(address(PROXY), List.of(forwarded), List.of(CLIENT), List.of("https"));

    assertThat(found).isEqualTo(told(PROXY, true, Problem.CONFLICTING));
  }

  @ParameterizedTest
  @CsvSource({
    "https, true",
    "HTTPS, true",
    "wss, true",
    "http, false",
    "'http, https', true",
    "'https, http', false",
    "'', false",
  })
  void theNearestProxySaysWhetherItWasTls(String proto, boolean https) {
    Client found = addresses.find(address(PROXY), List.of(), List.of(CLIENT), List.of(proto));

    assertThat(found).isEqualTo(new Client(address(CLIENT), false, https, null));
  }

  @Property
  void noTextAtAllMakesAStrangerSomebodyElse(@ForAll List<String> one, @ForAll List<String> two) {
    Client found = addresses.find(address(STRANGER), one, two, List.of());

    assertThat(found.address()).isEqualTo(address(STRANGER));
    assertThat(found.https()).isFalse();
  }

  @Property
  void nothingThatAClientSaysChangesWhatItsProxySays(
      @ForAll @Size(max = 3) List<@From("texts") String> lines, @ForAll("texts") String left) {
    var forwardedFor = Stream.concat(lines.stream(), Stream.of(left + ", " + CLIENT)).toList();
    assertThat(addresses.find(address(PROXY), List.of(), forwardedFor, List.of()))
        .isEqualTo(told(CLIENT, false, null));

    String element = ", for=\"" + CLIENT + ":1\";by=10.0.0.1";
    var forwarded = Stream.concat(lines.stream(), Stream.of(left + element)).toList();
    assertThat(addresses.find(address(PROXY), forwarded, List.of(), List.of()))
        .isEqualTo(told(CLIENT, false, null));
  }

  @Property
  void everyTextHasAnAnswer(@ForAll @StringLength(max = 400) String text) {
    List<String> lines = List.of(text);

    assertThat(addresses.find(address(PROXY), lines, List.of(), lines)).isNotNull();
    assertThat(addresses.find(address(PROXY), List.of(), lines, lines)).isNotNull();
  }

  @Test
  void aHeaderAsLargeAsTheyMayBeIsNoProblem() {
    for (String part : List.of("\\\"", "for=\"", ",", "10.0.0.2,", "for=10.0.0.2;", "\"")) {
      List<String> lines = List.of(part.repeat(32_768 / part.length()));

      assertThat(addresses.find(address(PROXY), lines, List.of(), List.of()).proxy()).isTrue();
      assertThat(addresses.find(address(PROXY), List.of(), lines, List.of()).proxy()).isTrue();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("for=\",;\\ 10.2[]:_a").ofMaxLength(40);
  }

  private Client find(String peer, String forwardedFor) {
    return addresses.find(address(peer), List.of(), List.of(forwardedFor), List.of());
  }

  private static Client told(String address, boolean proxy, @Nullable Problem problem) {
    return new Client(address(address), proxy, false, problem);
  }

  private static InetAddress address(String text) {
    return requireNonNull(IpAddresses.parse(text));
  }
}
