package io.tidegate.gateway.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the plain part of YAML: mappings, lists, scalars. What would let a reader and a machine see
 * different things is refused: a key that stands twice, aliases, tags, a second document.
 */
final class YamlReader {
  private final String name;
  private final YAMLParser parser;
  private final List<String> problems = new ArrayList<>();

  private YamlReader(String name, YAMLParser parser) {
    this.name = name;
    this.parser = parser;
  }

  /**
   * The keys of {@code text}; an empty document has none.
   *
   * @param name of the file, for messages
   */
  static Map<String, YamlNode> read(String name, String text) throws ConfigException {
    try (YAMLParser parser = new YAMLFactory().createParser(text)) {
      return new YamlReader(name, parser).document();
    } catch (JsonProcessingException e) {
      throw new ConfigException(List.of(syntax(name, e)));
    } catch (IOException e) {
      throw new ConfigException(List.of(name + ": cannot be read (expected: YAML)"));
    }
  }

  // Only the place and the first line of the cause: the rest quotes the document, secrets included.
  private static String syntax(String name, JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
    String cause = e.getOriginalMessage().lines().findFirst().orElse("");
    return name + place + ": " + cause + " (expected: YAML)";
  }

  private Map<String, YamlNode> document() throws IOException, ConfigException {
    Map<String, YamlNode> fields = Map.of();
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      fields = fields("");
    } else if (first != null && first != JsonToken.VALUE_NULL) {
      throw new ConfigException(List.of(name + ": no key at all (expected: keys with values)"));
    }
    if (parser.nextToken() != null) {
      problems.add(name + place() + ": a second document (expected: one)");
    }
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
    return fields;
  }

  private Map<String, YamlNode> fields(String path) throws IOException {
    var fields = new LinkedHashMap<String, YamlNode>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String at = path.isEmpty() ? key : path + "." + key;
      if (fields.containsKey(key)) {
        problems.add(at + ": again" + inFile() + " (expected: each key once)");
      }
      parser.nextToken();
      fields.put(key, value(at));
    }
    return fields;
  }

  private List<YamlNode> items(String path) throws IOException {
    var items = new ArrayList<YamlNode>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      YamlNode item = value(path + "[" + items.size() + "]");
      items.add(item instanceof YamlNode.Nothing ? new YamlNode.Scalar("") : item);
    }
    return items;
  }

  private YamlNode value(String path) throws IOException {
    if (parser.isCurrentAlias()) {
      problems.add(path + ": an alias" + inFile() + " (expected: the value itself)");
    } else if (parser.getTypeId() != null) {
      problems.add(path + ": a tag" + inFile() + " (expected: the value alone)");
    }
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return new YamlNode.Fields(fields(path));
    }
    if (token == JsonToken.START_ARRAY) {
      return new YamlNode.Items(items(path));
    }
    return token == JsonToken.VALUE_NULL
        ? new YamlNode.Nothing()
        : new YamlNode.Scalar(parser.getText());
  }

  private String inFile() {
    return " at " + name + place();
  }

  private String place() {
    return ":" + parser.currentTokenLocation().getLineNr();
  }
}
