package io.tidegate.gateway.it;

/** By the JDK. */
final class JdkTlsIT extends TlsSuite {
  @Override
  String engine() {
    return "jdk";
  }
}
