package io.tidegate.gateway.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The tables in the document for those who write clients are the ones in the code. */
final class CodeTablesTest {
  private static final Path DOCUMENT = Path.of("../docs/protocol.md");
  private static final Path RAW = Path.of("../docs/raw.md");

  @Test
  void errorsAreListed() throws IOException {
    List<String> rows = new ArrayList<>();
    for (ErrorCode error : ErrorCode.values()) {
      rows.add(row(error.code(), error.message(), error.temporary()));
    }
    assertThat(rowsUnder("## Errors")).isEqualTo(rows);
  }

  @Test
  void unsubscribeCodesAreListed() throws IOException {
    List<String> rows = new ArrayList<>();
    for (UnsubscribeCode code : UnsubscribeCode.values()) {
      rows.add(row(code.code(), code.reason(), code.resubscribe()));
    }
    assertThat(rowsUnder("## Unsubscribe codes")).isEqualTo(rows);
  }

  @Test
  void closeCodesAreListed() throws IOException {
    List<String> rows = new ArrayList<>();
    for (CloseCode code : CloseCode.values()) {
      rows.add(row(code.code(), code.reason(), code.reconnect()));
    }
    assertThat(rowsUnder("## Close codes")).isEqualTo(rows);
  }

  @Test
  void whatErrorsCloseWithWhereTheyCannotBeToldIsListed() throws IOException {
    List<String> rows = new ArrayList<>();
    for (ErrorCode error : ErrorCode.values()) {
      rows.add(row(error.code(), error.message(), error.closeCode()));
    }
    assertThat(rowsUnder(RAW, "## What a failure closes with")).isEqualTo(rows);
  }

  @Test
  void aTemporaryErrorClosesSoThatTheClientComesBack() {
    assertThat(ErrorCode.values())
        .filteredOn(ErrorCode::temporary)
        .allMatch(error -> error.closeCode().reconnect());
    assertThat(ErrorCode.PERMISSION_DENIED.closeCode().reconnect()).isFalse();
    assertThat(ErrorCode.BAD_REQUEST.closeCode().reconnect()).isFalse();
  }

  @Test
  void closeReasonsFitIntoACloseFrameAndAreNoJson() {
    assertThat(CloseCode.values())
        .allSatisfy(
            code -> assertThat(code.reason()).hasSizeLessThan(124).doesNotContain("{", "\""));
  }

  private static String row(int code, String text, boolean verdict) {
    return code + " | " + text + " | " + (verdict ? "yes" : "no");
  }

  private static String row(int code, String text, CloseCode closes) {
    return code + " | " + text + " | " + closes.code();
  }

  private static List<String> rowsUnder(String heading) throws IOException {
    return rowsUnder(DOCUMENT, heading);
  }

  /** The first three cells of each row of the section's table. */
  private static List<String> rowsUnder(Path document, String heading) throws IOException {
    return Files.readAllLines(document).stream()
        .dropWhile(line -> !line.equals(heading))
        .skip(1)
        .takeWhile(line -> !line.startsWith("## "))
        .filter(line -> line.matches("\\| \\d+ \\|.*"))
        .map(line -> line.split(" \\| ", -1))
        .map(cells -> String.join(" | ", Arrays.asList(cells).subList(0, 3)).substring(2))
        .toList();
  }
}
