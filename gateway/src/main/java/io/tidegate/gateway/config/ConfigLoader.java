package io.tidegate.gateway.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Turns a file and variables into a {@link Config}, or into the list of all that is wrong. */
public final class ConfigLoader {
  private final Map<String, String> environment;
  private final String hostName;

  /**
   * Takes what lies outside of the file.
   *
   * @param environment variables, of which those with the prefix TIDEGATE_ are looked at
   * @param hostName of this machine, for the name of the node
   */
  public ConfigLoader(Map<String, String> environment, String hostName) {
    this.environment = Map.copyOf(environment);
    this.hostName = hostName;
  }

  /** Reads, checks, and puts variables over the file. Touches the files that it names. */
  public LoadedConfig load(ConfigSource source) throws ConfigException {
    Map<String, YamlNode> nodes = YamlReader.read(source.name(), source.yaml());
    Reading reading = Reading.of(environment);
    Section root = Section.root(reading, nodes);
    Optional<Config> config = new ConfigKeys(root, source.base(), hostName).read();
    root.rejectUnknown();
    reading.rejectUnknownVariables();
    if (config.isEmpty() || !reading.problems().isEmpty()) {
      throw new ConfigException(reading.problems());
    }
    return new LoadedConfig(config.get(), reading.settings());
  }

  /** What can be configured, as a page for people. */
  public static String reference() {
    Reading reading = Reading.describing();
    Optional<Config> unused =
        new ConfigKeys(Section.root(reading, Map.of()), Path.of(""), "host").read();
    return Reference.render(reading);
  }
}
