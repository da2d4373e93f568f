package io.tidegate.gateway.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A part of the configuration, from which keys are read by declaring them. Whoever asks gets a
 * value in any case (the default where the text was bad), so that one pass finds every problem;
 * {@link #build} makes an object only of values that are all good.
 */
final class Section {
  private static final int SHOWN = 80;

  private final Reading reading;
  private final @Nullable Section parent;
  private final String path;
  private final Map<String, YamlNode> nodes;
  private final @Nullable Section inherited;
  private final Map<String, List<String>> effective = new HashMap<>();
  private final Map<String, Section> children = new LinkedHashMap<>();
  private final TreeSet<String> declared = new TreeSet<>();
  private boolean broken;

  private Section(
      Reading reading,
      @Nullable Section parent,
      String path,
      Map<String, YamlNode> nodes,
      @Nullable Section inherited) {
    this.reading = reading;
    this.parent = parent;
    this.path = path;
    this.nodes = nodes;
    this.inherited = inherited;
  }

  static Section root(Reading reading, Map<String, YamlNode> nodes) {
    return new Section(reading, null, "", nodes, null);
  }

  /** Declares a key with a default. */
  <T> T value(String key, Type<T> type, String defaultText, String text) {
    T value = one(key, type, List.of(defaultText), text);
    return value != null ? value : parse(type, fallback(key, List.of(defaultText)).get(0));
  }

  /** Declares a key that may be left out. */
  <T> @Nullable T optional(String key, Type<T> type, String text) {
    return one(key, type, null, text);
  }

  /** Declares a key that holds a list. */
  <T> List<T> list(String key, Type<T> type, List<String> defaults, String text) {
    List<String> fallback = fallback(key, defaults);
    Found found = find(key, true, type.secret());
    List<T> values = found == null ? null : parseAll(found, type);
    List<T> used = values != null ? values : fallback.stream().map(t -> parse(type, t)).toList();
    note(key, type, true, defaults, text, used, found);
    return used;
  }

  private <T> @Nullable T one(
      String key, Type<T> type, @Nullable List<String> defaults, String text) {
    Found found = find(key, false, type.secret());
    List<T> values = found == null ? null : parseAll(found, type);
    if (values == null && defaults != null) {
      values = fallback(key, defaults).stream().map(t -> parse(type, t)).toList();
    }
    note(key, type, false, defaults, text, values, found);
    return values == null ? null : values.get(0);
  }

  private <T> void note(
      String key,
      Type<T> type,
      boolean list,
      @Nullable List<String> defaults,
      String text,
      @Nullable List<T> values,
      @Nullable Found found) {
    List<String> texts = values == null ? null : values.stream().map(type.print()).toList();
    if (texts != null) {
      effective.put(key, texts);
    }
    String origin = found == null ? Setting.DEFAULT : found.origin();
    reading.add(
        new Setting(
            path, key, type.expected(), list, type.secret(), defaults, text, texts, origin));
  }

  private List<String> fallback(String key, List<String> defaults) {
    return inherited == null ? defaults : inherited.effective.getOrDefault(key, defaults);
  }

  /** Where the texts of a key are from, and by which name a problem is reported. */
  private record Found(List<String> texts, String where, String origin) {}

  private @Nullable Found find(String key, boolean list, boolean secret) {
    declared.add(key);
    String override = reading.override(at(key));
    if (override != null) {
      String variable = Reading.variable(at(key));
      List<String> texts = list ? split(override) : List.of(override.strip());
      return new Found(texts, variable, variable);
    }
    YamlNode node = node(key);
    if (node == null) {
      return null;
    }
    List<String> texts = list ? texts(node) : text(node);
    if (texts == null) {
      String shown = node instanceof YamlNode.Scalar s ? quote(s.text(), secret) : shape(node);
      problem(key, shown, list ? "a list such as [a, b]" : "a single value");
      return null;
    }
    return new Found(texts, at(key), Setting.FILE);
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private static @Nullable List<String> text(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar ? List.of(scalar.text()) : null;
  }

  private static @Nullable List<String> texts(YamlNode node) {
    if (!(node instanceof YamlNode.Items items)) {
      return null;
    }
    var texts = new ArrayList<String>();
    for (YamlNode item : items.items()) {
      if (!(item instanceof YamlNode.Scalar scalar)) {
        return null;
      }
      texts.add(scalar.text());
    }
    return texts;
  }

  private static String shape(YamlNode node) {
    return node instanceof YamlNode.Items ? "[...]" : "{...}";
  }

  private <T> @Nullable List<T> parseAll(Found found, Type<T> type) {
    var values = new ArrayList<T>();
    for (String text : found.texts()) {
      T value = type.parse().apply(text);
      if (value == null) {
        breakUp();
        reading.problem(found.where(), quote(text, type.secret()), type.expected());
      } else {
        values.add(value);
      }
    }
    return values.size() == found.texts().size() ? values : null;
  }

  private <T> T parse(Type<T> type, String text) {
    T value = type.parse().apply(text);
    if (value == null) {
      throw new IllegalStateException("default: " + text + " (expected: " + type.expected() + ")");
    }
    return value;
  }

  private static String quote(String text, boolean secret) {
    if (secret) {
      return "'***'";
    }
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return "'" + (line.length() > SHOWN ? line.substring(0, SHOWN) + "..." : line) + "'";
  }

  boolean isDescribing() {
    return reading.isDescribing();
  }

  /** Whether the key is set at all, be it to a bad value. */
  boolean isSet(String key) {
    return node(key) != null || reading.override(at(key)) != null;
  }

  private @Nullable YamlNode node(String key) {
    YamlNode node = nodes.get(key);
    return node instanceof YamlNode.Nothing ? null : node;
  }

  /** Declares a part. */
  Section section(String key, String text) {
    declared.add(key);
    reading.addSection(at(key), text);
    return child(key, node(key), null);
  }

  /**
   * Declares parts whose names the user chooses.
   *
   * @param like the part whose values they take over where they set none
   */
  Map<String, Section> named(String key, Section like, String text) {
    Section group = section(key, text);
    var parts = new LinkedHashMap<String, Section>();
    if (reading.isDescribing()) {
      parts.put("NAME", group.child("NAME", null, like));
    }
    return group.named(parts, like);
  }

  /** Declares parts whose names the user chooses, each by itself. */
  Map<String, Section> named(String key, String text, String textOfEach) {
    Section group = section(key, text);
    var parts = new LinkedHashMap<String, Section>();
    if (reading.isDescribing()) {
      parts.put("NAME", group.section("NAME", textOfEach));
    }
    return group.named(parts, null);
  }

  private Map<String, Section> named(Map<String, Section> parts, @Nullable Section like) {
    nodes.keySet().forEach(name -> parts.put(name, child(name, node(name), like)));
    declared.addAll(parts.keySet());
    return parts;
  }

  /** The names of the parts below {@code key}, for what refers to them. */
  Set<String> names(String key) {
    return nodes.get(key) instanceof YamlNode.Fields found ? found.fields().keySet() : Set.of();
  }

  /** Declares values whose keys the user chooses. */
  <T> Map<String, T> table(
      String key, String keyName, Type<T> type, String text, String textOfEach) {
    Section group = section(key, text);
    var values = new LinkedHashMap<String, T>();
    for (String name : reading.isDescribing() ? List.of(keyName) : group.nodes.keySet()) {
      T value = group.optional(name, type, textOfEach);
      if (value != null) {
        values.put(name, value);
      } else if (!reading.isDescribing() && !group.isSet(name)) {
        group.problem(name, "missing", type.expected());
      }
    }
    return values;
  }

  private Section child(String key, @Nullable YamlNode node, @Nullable Section like) {
    Map<String, YamlNode> fields = Map.of();
    if (node instanceof YamlNode.Fields found) {
      fields = found.fields();
    } else if (node != null) {
      problem(key, "no key below it", "keys with values, such as listen with port: 8443 below");
    }
    var child = new Section(reading, this, at(key), fields, like);
    children.put(key, child);
    return child;
  }

  /** Reports what is wrong with the value of a key, or with a part. */
  void problem(String key, String what, String expected) {
    breakUp();
    reading.problem(at(key), what, expected);
  }

  private void breakUp() {
    for (Section section = this; section != null; section = section.parent) {
      section.broken = true;
    }
  }

  /** Makes an object of values read from here; absent when some were bad, or do not go together. */
  <T> Optional<T> build(Supplier<T> maker) {
    if (broken) {
      return Optional.empty();
    }
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException e) {
      problem(e);
      return Optional.empty();
    }
  }

  /** Reports what {@code check} throws against a value read from here. */
  void check(Runnable check) {
    try {
      check.run();
    } catch (IllegalArgumentException e) {
      problem(e);
    }
  }

  private void problem(IllegalArgumentException refusal) {
    breakUp();
    reading.problems().add(inKeys(String.valueOf(refusal.getMessage())));
  }

  // Records name their components (maxPayload); users know keys (limits.max_payload).
  private String inKeys(String message) {
    int colon = message.indexOf(':');
    String component = colon < 0 ? message : message.substring(0, colon);
    String snake = component.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    String key = declared.contains(snake) ? snake : alike(snake);
    return at(key) + (colon < 0 ? "" : message.substring(colon));
  }

  private String alike(String name) {
    return declared.stream()
        .filter(key -> key.startsWith(name) || name.startsWith(key))
        .max(Comparator.comparing(String::length))
        .orElse(name);
  }

  /** Refuses keys that nobody declared, here and below. */
  void rejectUnknown() {
    for (String key : nodes.keySet()) {
      if (!declared.contains(key)) {
        String near = Nearest.to(key, declared);
        reading.problem(
            at(key),
            "unknown key",
            near != null ? "perhaps " + near : "one of " + String.join(", ", declared));
      }
    }
    children.values().forEach(Section::rejectUnknown);
  }

  private String at(String key) {
    return path.isEmpty() ? key : key.isEmpty() ? path : path + "." + key;
  }
}
