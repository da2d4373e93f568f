package io.tidegate.gateway.conformance;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/conformance.md tells of the cases that there are. */
final class ConformancePageTest {
  private static final Path PAGE = Path.of("../docs/conformance.md");
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  @Test
  void theTableCountsTheCases() throws Exception {
    assertThat(Files.readString(PAGE)).contains(table());
  }

  @Test
  void noTwoCasesHaveOneName() {
    assertThat(all().values().stream().flatMap(List::stream).map(Case::name))
        .doesNotHaveDuplicates();
  }

  private static String table() {
    int sum = all().values().stream().mapToInt(List::size).sum();
    return all().entrySet().stream()
        .map(area -> row(area.getKey(), area.getValue()))
        .collect(
            joining(
                "\n",
                "| about | sections | cases |\n|---|---|---|\n",
                "\n| together | | " + sum + " |\n"));
  }

  private static String row(String about, List<Case> cases) {
    var sections = new TreeSet<>(comparing(ConformancePageTest::padded));
    cases.forEach(each -> sections.add(each.section()));
    return "| " + about + " | " + String.join(", ", sections) + " | " + cases.size() + " |";
  }

  /** So that 10.4 comes behind 5.4. */
  private static String padded(String section) {
    return NUMBER.matcher(section).replaceAll(n -> "%5s".formatted(n.group()));
  }

  private static Map<String, List<Case>> all() {
    Map<String, List<Case>> all = new LinkedHashMap<>(Conformance.areas());
    all.put(Conformance.PATIENT, Conformance.patient());
    return all;
  }
}
