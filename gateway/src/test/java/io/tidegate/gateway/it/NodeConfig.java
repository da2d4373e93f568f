package io.tidegate.gateway.it;

import io.tidegate.gateway.testing.TestTokens;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The configuration of a node under test: everything open to every user, all ports chosen by the
 * system, on 127.0.0.1.
 *
 * @param listen flow mapping of the public port
 * @param internal flow mapping of the internal port
 * @param drain flow mapping of how to stop
 * @param backplane flow mapping of the backplane
 * @param namespaces flow mapping of the namespaces
 * @param more lines of further sections
 */
public record NodeConfig(
    String name,
    String listen,
    String internal,
    String drain,
    String backplane,
    String namespaces,
    String more) {
  static final String API_KEY = "a-key-of-the-tests-0123456789";

  /** A node of its own. */
  public static NodeConfig local(String name) {
    return new NodeConfig(
        name,
        "{ host: 127.0.0.1, port: 0, plaintext: true }",
        "{ host: 127.0.0.1, port: 0, api_keys: [" + API_KEY + "] }",
        "{ delay: 0s, window: 1s, deadline: 10s }",
        "{ type: local }",
        "{}",
        "");
  }

  /** A node that is alone on its embedded grid. */
  static NodeConfig onGrid(String host, int port) {
    return local("node").backplane(grid(port, host, port, host + ":" + port));
  }

  /** Nodes that find each other on an embedded grid. */
  static List<NodeConfig> cluster(String... names) {
    List<Integer> ports = Stream.of(names).map(name -> Ports.free()).toList();
    String members = String.join(", ", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    return IntStream.range(0, names.length)
        .mapToObj(
            i -> local(names[i]).backplane(grid(ports.get(0), "127.0.0.1", ports.get(i), members)))
        .toList();
  }

  /** Nodes that find each other on a Redis server. */
  static List<NodeConfig> onRedis(String uri, String... names) {
    return Stream.of(names)
        .map(
            name ->
                local(name)
                    .backplane("{ type: redis, cluster: test, redis: { uri: '" + uri + "' } }"))
        .toList();
  }

  /** Flow mapping of a backplane; the number tells clusters of tests apart. */
  private static String grid(int cluster, String host, int port, String members) {
    return """
        { type: hazelcast, cluster: test-%d,
          hazelcast: { host: %s, port: %d, members: [%s] } }"""
        .formatted(cluster, host, port, members);
  }

  public NodeConfig listen(String replaced) {
    return new NodeConfig(name, replaced, internal, drain, backplane, namespaces, more);
  }

  NodeConfig internal(String replaced) {
    return new NodeConfig(name, listen, replaced, drain, backplane, namespaces, more);
  }

  NodeConfig drain(String replaced) {
    return new NodeConfig(name, listen, internal, replaced, backplane, namespaces, more);
  }

  NodeConfig namespaces(String replaced) {
    return new NodeConfig(name, listen, internal, drain, backplane, replaced, more);
  }

  public NodeConfig more(String replaced) {
    return new NodeConfig(name, listen, internal, drain, backplane, namespaces, replaced);
  }

  private NodeConfig backplane(String replaced) {
    return new NodeConfig(name, listen, internal, drain, replaced, namespaces, more);
  }

  String yaml() {
    return """
        node: { name: %s }
        listen: %s
        internal: %s
        ops: { host: 127.0.0.1, port: 0 }
        auth: { jwt: { hmac_secret: %s } }
        channels:
          defaults:
            history_size: 5000
            history_ttl: 5m
            recover: true
            positioned: true
            presence: true
            join_leave: true
            subscribe: [authenticated]
            publish: [authenticated]
            read_history: [authenticated]
            read_presence: [authenticated]
          namespaces: %s
        limits: { messages_per_second: 0, bytes_per_second: 0 }
        drain: %s
        backplane: %s
        %s
        """
        .formatted(name, listen, internal, TestTokens.SECRET, namespaces, drain, backplane, more);
  }
}
