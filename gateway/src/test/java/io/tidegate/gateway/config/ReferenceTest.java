package io.tidegate.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class ReferenceTest {
  /** Where a record's component and the key of the same thing have different names. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "burst_seconds", "burst",
          "subscriptions", "subscriptions_per_connection",
          "json", "content",
          "newest_only", "recovery",
          "node_name", "name",
          "stream", "history_size");

  @Test
  void thePageIsCurrent() throws Exception {
    assertThat(Files.readString(Path.of("../docs/configuration.md")))
        .as("regenerate it: gateway/bin/tidegate config reference > docs/configuration.md")
        .isEqualTo(ConfigLoader.reference());
  }

  @Test
  void everyComponentOfTheTreeIsAKeyOnThePage() {
    String page = ConfigLoader.reference();
    assertThat(components(Config.class))
        .hasSizeGreaterThan(40)
        .allMatch(name -> page.contains("`" + name + "`") || page.contains("." + name + "`"));
  }

  @Test
  void everyKeyIsExplained() {
    assertThat(ConfigLoader.reference().lines().filter(line -> line.startsWith("| `")))
        .hasSizeGreaterThan(50)
        .allMatch(line -> Stream.of(line.split("\\|")).skip(1).noneMatch(String::isBlank));
  }

  private static List<String> components(Class<?> type) {
    var names = new ArrayList<String>();
    for (RecordComponent component : type.getRecordComponents()) {
      String snake = component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
      if (component.getType().isRecord() && !OTHER_NAMES.containsKey(snake)) {
        names.addAll(components(component.getType()));
      } else if (snake.equals("namespaces")) {
        names.addAll(components(io.tidegate.gateway.auth.Namespace.class));
        names.remove("name");
      } else {
        names.add(OTHER_NAMES.getOrDefault(snake, snake));
      }
    }
    return names;
  }
}
