package io.tidegate.gateway;

/** What runs here. */
final class Versions {
  private Versions() {}

  /** The version of the jar; {@code dev} outside of one. */
  static String tidegate() {
    String version = Versions.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }

  static String java() {
    return System.getProperty("java.version");
  }
}
