package io.tidegate.gateway.config;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A configuration with the story of each of its keys. */
public final class LoadedConfig {
  private static final String MASK = "***";
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9_./-]*");

  private final Config config;
  private final List<Setting> settings;

  LoadedConfig(Config config, List<Setting> settings) {
    this.config = requireNonNull(config, "config");
    this.settings = List.copyOf(settings);
  }

  public Config config() {
    return config;
  }

  /** The effective configuration as YAML, each key with where it is from; secrets are masked. */
  public String print() {
    var yaml = new StringBuilder();
    var open = List.<String>of();
    for (Setting setting : settings) {
      List<String> values = setting.values();
      if (values != null) {
        List<String> section =
            setting.section().isEmpty() ? List.of() : List.of(setting.section().split("\\."));
        openSections(yaml, open, section);
        open = section;
        yaml.append("  ".repeat(section.size()))
            .append(quote(setting.key()))
            .append(": ")
            .append(write(setting, values))
            .append(comment(setting.origin()))
            .append('\n');
      }
    }
    return yaml.toString();
  }

  private static void openSections(StringBuilder yaml, List<String> open, List<String> section) {
    boolean same = true;
    for (int depth = 0; depth < section.size(); depth++) {
      same = same && depth < open.size() && open.get(depth).equals(section.get(depth));
      if (!same) {
        yaml.append("  ".repeat(depth)).append(section.get(depth)).append(":\n");
      }
    }
  }

  private static String write(Setting setting, List<String> values) {
    List<String> texts =
        values.stream().map(v -> setting.secret() ? quote(MASK) : quote(v)).toList();
    return setting.list()
        ? texts.stream().collect(Collectors.joining(", ", "[", "]"))
        : texts.get(0);
  }

  // JSON's quoting is YAML's double quoting.
  private static String quote(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !text.equalsIgnoreCase("null");
    return plain
        ? text
        : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  private static String comment(@Nullable String origin) {
    return Setting.FILE.equals(origin) ? "" : "  # " + origin;
  }
}
