package io.tidegate.backplane.redis;

import java.util.List;

/**
 * The names in the store. Whatever one script touches shares a hash tag (the part in braces), so it
 * has one place in a Redis Cluster too. Published names carry the database's number besides the
 * prefix, since databases share them.
 */
final class Keys {
  private final String prefix;
  private final String published;

  Keys(String prefix, int database) {
    this.prefix = prefix;
    this.published = database == 0 ? prefix : prefix + "/" + database;
  }

  /** What the scripts of a channel take, in their order. */
  List<String> channel(String channel) {
    String tagged = prefix + ":{" + tag(channel) + "}:";
    return List.of(
        tagged + "state",
        tagged + "history",
        tagged + "presence",
        tagged + "keys",
        tagged + "offsets");
  }

  String presence(String channel) {
    return prefix + ":{" + tag(channel) + "}:presence";
  }

  /** Where a channel's events are published. */
  String events(String channel) {
    return published + ":{" + tag(channel) + "}:events";
  }

  /** What the scripts of the leases take, in their order. */
  List<String> nodes() {
    return List.of(leases(), prefix + ":{nodes}:clock", ended());
  }

  String leases() {
    return prefix + ":{nodes}:leases";
  }

  String ended() {
    return prefix + ":{nodes}:ended";
  }

  /** The channels in which an owner may have presence entries. */
  String attended(String owner) {
    return prefix + ":{" + owner + "}:attended";
  }

  /** Where a node is asked, and answered. */
  String node(String nodeId) {
    return published + ":{" + nodeId + "}:node";
  }

  /** What the scripts of an inbox's shard take, in their order. */
  List<String> shard(String service, int shard) {
    String tagged = prefix + ":{inbox:" + tag(service) + ":" + shard + "}:";
    return List.of(tagged + "state", tagged + "letters", tagged + "groups", tagged + "marks");
  }

  /** Where the consumers of a service are told which shard has something new. */
  String wake(String service) {
    return published + ":{inbox:" + tag(service) + "}:wake";
  }

  /** A tag ends at the first brace, and an empty one is none: escaped, and never empty. */
  private static String tag(String channel) {
    if (channel.isEmpty()) {
      return "%";
    }
    return channel.indexOf('}') < 0 && channel.indexOf('%') < 0
        ? channel
        : channel.replace("%", "%25").replace("}", "%7D");
  }
}
