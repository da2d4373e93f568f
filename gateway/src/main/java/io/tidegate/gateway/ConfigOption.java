package io.tidegate.gateway;

import io.tidegate.gateway.config.ConfigException;
import io.tidegate.gateway.config.ConfigLoader;
import io.tidegate.gateway.config.ConfigSource;
import io.tidegate.gateway.config.LoadedConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --config}. */
final class ConfigOption {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file. Without one, all is taken from TIDEGATE_ variables.")
  private @Nullable Path file;

  LoadedConfig load(Map<String, String> environment) throws ConfigException {
    ConfigSource source = file == null ? ConfigSource.none() : ConfigSource.of(file);
    return new ConfigLoader(environment, hostName()).load(source);
  }

  static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
