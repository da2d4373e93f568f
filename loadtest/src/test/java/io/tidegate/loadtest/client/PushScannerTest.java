package io.tidegate.loadtest.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PushScannerTest {
  private static final int BYTES = 100;

  private final PushScanner scanner = new PushScanner(BYTES);

  @Test
  void findsNumberAndOffsetOfAPublication() {
    assertThat(scan(push(7, ",\"offset\":12,\"time\":1700000000000"))).containsExactly("7@12");
  }

  @Test
  void readsEveryFieldOfThePayload() {
    String frame =
        "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":"
            + Payload.of(999_999_999, 123_456, 654_321, 7, 86_400_000_000_000L, BYTES)
            + "}}}";
    byte[] bytes = frame.getBytes(UTF_8);
    scanner.reset(bytes, 0, bytes.length);
    assertThat(scanner.nextLine()).isTrue();
    int at = scanner.dataAt();
    assertThat(Payload.run(bytes, at)).isEqualTo(999_999_999);
    assertThat(Payload.channel(bytes, at)).isEqualTo(123_456);
    assertThat(Payload.publisher(bytes, at)).isEqualTo(654_321);
    assertThat(Payload.number(bytes, at)).isEqualTo(7);
    assertThat(Payload.dueNanos(bytes, at)).isEqualTo(86_400_000_000_000L);
  }

  @Test
  void findsEveryPublicationOfAFrame() {
    String frame = push(1, ",\"offset\":1") + "\n" + push(2, ",\"offset\":2") + "\n" + push(3, "");
    assertThat(scan(frame)).containsExactly("1@1", "2@2", "3@-1");
  }

  @Test
  void doesNotCareWhereTheFieldsStand() {
    String early =
        "{\"push\":{\"pub\":{\"offset\":5,\"data\":"
            + Payload.of(1, 2, 3, 4, 5, BYTES)
            + "},\"channel\":\"c\"}}";
    assertThat(scan(push(3, ",\"offset\":4"))).containsExactly("3@4");
    assertThat(scan(early)).containsExactly("4@5");
    assertThat(scan(push(5, ",\"offset\":6"))).containsExactly("5@6");
  }

  @Test
  void tellsPingsAndOtherLinesFromPublications() {
    String join = "{\"push\":{\"channel\":\"c\",\"join\":{\"info\":{\"client\":\"x\"}}}}";
    assertThat(scan("{}\n" + push(9, ",\"offset\":9") + "\n\n" + join))
        .containsExactly("ping", "9@9", join);
  }

  @Test
  void readsAShortFrameAfterALongOneInTheSameArray() {
    byte[] array = (push(9, ",\"offset\":9") + "\n{}").getBytes(UTF_8);
    assertThat(scan(array, 0, array.length)).containsExactly("9@9", "ping");
    array[0] = '{';
    array[1] = '}';
    assertThat(scan(array, 0, 2)).containsExactly("ping");
  }

  @Test
  void tellsAnAnswerToAPublishByItsForm() {
    byte[] bytes =
        "{\"id\":17,\"publish\":{}}\n{\"id\":18,\"publish\":{\"x\":{}}}\n{}".getBytes(UTF_8);
    scanner.reset(bytes, 0, bytes.length);
    assertThat(scanner.nextLine()).isTrue();
    assertThat(scanner.publishedId()).isEqualTo(17);
    assertThat(scanner.nextLine()).isTrue();
    assertThat(scanner.publishedId()).isNegative();
    assertThat(scanner.nextLine()).isTrue();
    assertThat(scanner.publishedId()).isNegative();
  }

  @Test
  void dataHaveTheSizeThatWasAskedFor() {
    for (int size : new int[] {Payload.LEAST_BYTES, 128, 4096}) {
      assertThat(Payload.of(999_999_999, 1, 2, 123_456, 3, size)).hasSize(size);
    }
  }

  private static String push(int number, String more) {
    return "{\"push\":{\"channel\":\"c\",\"pub\":{\"data\":"
        + Payload.of(1, 2, 3, number, 4_000_000_000L, BYTES)
        + more
        + "}}}";
  }

  private List<String> scan(String message) {
    // With something before and behind it that does not belong to it.
    byte[] bytes = ("99\n" + message + "\n{}").getBytes(UTF_8);
    return scan(bytes, 3, bytes.length - 3);
  }

  private List<String> scan(byte[] bytes, int from, int to) {
    scanner.reset(bytes, from, to);
    var lines = new ArrayList<String>();
    while (scanner.nextLine()) {
      if (scanner.isPublication()) {
        lines.add(Payload.number(bytes, scanner.dataAt()) + "@" + scanner.offset());
      } else {
        lines.add(scanner.isPing() ? "ping" : scanner.line());
      }
    }
    return lines;
  }
}
