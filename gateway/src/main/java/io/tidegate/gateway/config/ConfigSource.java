package io.tidegate.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The text of a configuration.
 *
 * @param name for messages
 * @param yaml the text
 * @param base directory at which relative paths in it begin
 */
public record ConfigSource(String name, String yaml, Path base) {
  private static final int MOST_BYTES = 1024 * 1024;

  /** Nothing, so that all is left to variables and defaults. */
  public static ConfigSource none() {
    return new ConfigSource("no file", "", Path.of("").toAbsolutePath());
  }

  /** What {@code file} holds. */
  public static ConfigSource of(Path file) throws ConfigException {
    Path path = file.toAbsolutePath().normalize();
    Path base = path.getParent();
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw refuse(file, "a YAML file of at most 1MiB");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new ConfigSource(file.toString(), text, base == null ? path : base);
    } catch (CharacterCodingException e) {
      throw refuse(file, "a YAML file in UTF-8");
    } catch (IOException e) {
      throw refuse(file, "a YAML file that exists and can be read");
    }
  }

  private static ConfigException refuse(Path file, String expected) {
    return new ConfigException(List.of("--config: '" + file + "' (expected: " + expected + ")"));
  }
}
