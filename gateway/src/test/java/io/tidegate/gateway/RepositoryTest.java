package io.tidegate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What holds for the files of the repository: sources that can be read, documents that are true.
 */
final class RepositoryTest {
  private static final int LINES_AT_MOST = 400;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path SOURCES = ROOT.resolve("gateway/src");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
  private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");
  private static final Pattern COMMAND =
      Pattern.compile("((?:gateway|loadtest)/bin/[a-z-]+) ?([a-z]*)");
  private static final Pattern METRIC = Pattern.compile("\\btidegate_[a-z_]+[a-z]\\b");
  private static final Pattern TEST_NAME =
      Pattern.compile("`([A-Z]\\w*[a-z](?:Test|IT|Contract))`");
  private static final Pattern HISTOGRAM_PART = Pattern.compile("_(bucket|count|sum)$");

  @Test
  void noSourceFileIsLongerThanAReaderCanHold() {
    List<Path> sources = files(SOURCES, ".java");
    assertThat(sources).isNotEmpty();
    assertThat(sources)
        .allSatisfy(file -> assertThat(text(file).lines()).hasSizeLessThanOrEqualTo(LINES_AT_MOST));
  }

  @Test
  void everyLinkOfTheDocumentsResolves() {
    var broken = new ArrayList<String>();
    for (Path document : documents()) {
      for (String link : found(LINK, prose(document), 1)) {
        if (!link.contains("://") && !resolves(document, link)) {
          broken.add(ROOT.relativize(document) + ": " + link);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyCommandOfTheDocumentsExists() {
    Set<String> known = commands();
    for (Path document : documents()) {
      for (MatchResult use : COMMAND.matcher(text(document)).results().toList()) {
        assertThat(ROOT.resolve(use.group(1))).as("in %s", document).isExecutable();
        if (use.group(1).equals("gateway/bin/tidegate") && !use.group(2).isEmpty()) {
          assertThat(known).as("in %s", document).contains(use.group(2));
        }
      }
    }
    assertThat(text(ROOT.resolve("README.md"))).contains("gateway/bin/tidegate dev", "mvn verify");
  }

  @Test
  void everyMetricOfTheDocumentsIsInTheListOfMetrics() {
    Set<String> listed = new TreeSet<>(found(METRIC, text(ROOT.resolve("docs/metrics.md")), 0));
    for (Path document : documents()) {
      for (String name : found(METRIC, text(document), 0)) {
        String family = HISTOGRAM_PART.matcher(name).replaceFirst("");
        // tidegate_token is the name of the cookie.
        assertThat(
                listed.contains(name) || listed.contains(family) || name.equals("tidegate_token"))
            .as("%s in %s", name, document)
            .isTrue();
      }
    }
  }

  @Test
  void everyTestThatIsNamedAsAWitnessExists() {
    Set<String> tests =
        Stream.of("gateway", "backplane", "loadtest")
            .flatMap(module -> files(ROOT.resolve(module + "/src/test"), ".java").stream())
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toSet());
    for (Path document : documents()) {
      assertThat(found(TEST_NAME, text(document), 1)).as("in %s", document).isSubsetOf(tests);
    }
  }

  private static boolean resolves(Path document, String link) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    return Files.exists(target) && (parts.length == 1 || anchors(target).contains(parts[1]));
  }

  /** As GitHub makes them: lower case, spaces to hyphens, other punctuation gone. */
  private static Set<String> anchors(Path document) {
    return found(HEADING, prose(document), 1).stream()
        .map(heading -> heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", ""))
        .map(heading -> heading.replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static Set<String> commands() {
    var out = new StringWriter();
    var printer = new PrintWriter(out);
    assertThat(Main.run(new Terminal(Map.of(), printer, printer), "help")).isZero();
    printer.flush();
    return found(Pattern.compile("(?m)^  ([a-z]+) "), out.toString(), 1).stream()
        .collect(Collectors.toSet());
  }

  private static List<Path> documents() {
    List<Path> documents = new ArrayList<>(files(ROOT.resolve("docs"), ".md"));
    documents.add(ROOT.resolve("README.md"));
    documents.add(ROOT.resolve("deploy/README.md"));
    assertThat(documents).hasSizeGreaterThan(5);
    return documents;
  }

  private static String prose(Path document) {
    return FENCE.matcher(text(document)).replaceAll("");
  }

  private static List<String> found(Pattern pattern, String text, int group) {
    return pattern.matcher(text).results().map(match -> match.group(group)).toList();
  }

  private static List<Path> files(Path under, String suffix) {
    try (Stream<Path> all = Files.walk(under)) {
      return all.filter(file -> file.toString().endsWith(suffix)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
