package io.tidegate.gateway.config;

import java.util.List;
import java.util.Map;

/** What stands at a place of a YAML document. */
sealed interface YamlNode {
  /** The text as it is written, unquoted: {@code 007} stays {@code 007}. */
  record Scalar(String text) implements YamlNode {}

  /** A key without a value: a key that is not set, or a section with no key of its own. */
  record Nothing() implements YamlNode {}

  /** A list. */
  record Items(List<YamlNode> items) implements YamlNode {}

  /** Keys and values, in the order of the document. */
  record Fields(Map<String, YamlNode> fields) implements YamlNode {}
}
