package io.tidegate.gateway.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One pass over a configuration: what was asked for, what was found, what is wrong. */
final class Reading {
  private static final String PREFIX = "TIDEGATE_";

  /** Variables of the same prefix that are no keys. */
  private static final Set<String> OTHER_VARIABLES = Set.of("TIDEGATE_DEV_HOME");

  // Kubernetes sets such variables for each service; one whose name begins with "tidegate" is
  // likely, and must not keep a node from starting.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          PREFIX + "(.+_)?(SERVICE_(HOST|PORT)(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?)");
  private static final Pattern SERVICE_URL = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, String> environment;
  private final boolean describing;
  private final List<String> problems = new ArrayList<>();
  private final List<Setting> settings = new ArrayList<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private final Map<String, String> variables = new LinkedHashMap<>();

  private Reading(Map<String, String> environment, boolean describing) {
    this.environment = environment;
    this.describing = describing;
  }

  static Reading of(Map<String, String> environment) {
    return new Reading(environment, false);
  }

  /** Only collects what is asked for, and one example of what has a name of the user's choice. */
  static Reading describing() {
    return new Reading(Map.of(), true);
  }

  boolean isDescribing() {
    return describing;
  }

  static String variable(String path) {
    return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The value of the variable of {@code path}; absent where it is not set, or to nothing. */
  @Nullable String override(String path) {
    String variable = variable(path);
    String other = variables.put(variable, path);
    String value = environment.get(variable);
    if (value == null || value.isBlank()) {
      return null;
    }
    if (other != null && !other.equals(path)) {
      problem(variable, "sets both " + other + " and " + path, "a variable that sets one key");
    }
    return value;
  }

  void problem(String where, String what, String expected) {
    problems.add(where + ": " + what + " (expected: " + expected + ")");
  }

  void add(Setting setting) {
    settings.add(setting);
  }

  void addSection(String path, String text) {
    sections.put(path, text);
  }

  /** Refuses variables that look like keys and are none. */
  void rejectUnknownVariables() {
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX)
          && !variables.containsKey(name)
          && !OTHER_VARIABLES.contains(name)
          && !isServiceLink(name)) {
        String near = Nearest.to(name, variables.keySet());
        problem(name, "unknown variable", near == null ? "the name of a key" : "perhaps " + near);
      }
    }
  }

  private boolean isServiceLink(String name) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT")
            && SERVICE_URL.matcher(environment.getOrDefault(name, "")).matches());
  }

  List<String> problems() {
    return problems;
  }

  /** Every key that was asked for, in the order of the sections. */
  List<Setting> settings() {
    var order = List.copyOf(sections.keySet());
    return settings.stream()
        .sorted(Comparator.comparing(setting -> rank(order, setting.section())))
        .toList();
  }

  // A namespace is no section by itself and stands where all of them do.
  private static int rank(List<String> order, String section) {
    String known = section;
    while (!order.contains(known) && known.indexOf('.') > 0) {
      known = known.substring(0, known.lastIndexOf('.'));
    }
    return order.indexOf(known);
  }

  /** Each section's path with what it is about, in the order of declaration. */
  Map<String, String> sections() {
    return sections;
  }
}
