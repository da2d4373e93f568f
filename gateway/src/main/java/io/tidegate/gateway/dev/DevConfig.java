package io.tidegate.gateway.dev;

import java.util.HashMap;
import java.util.Map;

/** The configuration of {@code dev}: a file as any other, and variables over it. */
public final class DevConfig {
  /** What is the same for every {@code dev}. */
  public static final String YAML =
      """
      listen: { host: 127.0.0.1 }
      internal: { host: 127.0.0.1 }
      ops: { host: 127.0.0.1 }
      auth: { sources: [header, cookie, subprotocol, query, first_frame] }
      channels:
        defaults:
          history_size: 100
          history_ttl: 5m
          recover: true
          positioned: true
          presence: true
          join_leave: true
          subscribe: [authenticated]
          publish: [authenticated]
          read_history: [authenticated]
          read_presence: [authenticated]
      drain: { delay: 0s, window: 1s, deadline: 5s }
      backplane:
        # A second one finds the first on one of these ports.
        hazelcast: { host: 127.0.0.1, port: 5701, port_count: 8, members: [127.0.0.1] }
      """;

  // Of the kept 64: it stands in each line of Hazelcast's log.
  private static final int CLUSTER_DIGITS = 16;

  private DevConfig() {}

  /** What is different, as variables that go before the file. */
  public static Map<String, String> variables(
      DevState state, int port, int internalPort, int opsPort, String backplane, String redis) {
    var variables = new HashMap<String, String>();
    variables.put("TIDEGATE_NODE_NAME", "dev-" + port);
    variables.put("TIDEGATE_LISTEN_PORT", Integer.toString(port));
    variables.put("TIDEGATE_LISTEN_TLS_CERTIFICATE", state.certificate().toString());
    variables.put("TIDEGATE_LISTEN_TLS_KEY", state.key().toString());
    variables.put("TIDEGATE_INTERNAL_PORT", Integer.toString(internalPort));
    variables.put("TIDEGATE_INTERNAL_API_KEYS", state.apiKey());
    variables.put("TIDEGATE_OPS_PORT", Integer.toString(opsPort));
    variables.put("TIDEGATE_AUTH_JWT_HMAC_SECRET", state.hmacSecret());
    variables.put("TIDEGATE_BACKPLANE_TYPE", backplane);
    variables.put("TIDEGATE_BACKPLANE_REDIS_URI", redis);
    variables.put(
        "TIDEGATE_BACKPLANE_CLUSTER",
        "tidegate-dev-" + state.cluster().substring(0, CLUSTER_DIGITS));
    return variables;
  }
}
