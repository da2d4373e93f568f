package io.tidegate.gateway.config;

import java.util.List;

/** A configuration that cannot be used. Holds every problem, one line each, without secrets. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // An unmodifiable list of strings from List.copyOf.
  private final List<String> problems;

  public ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
